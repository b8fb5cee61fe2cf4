/** A query of the parameters that have a value. @param {Record<string, string | number | null>} parameters */
const query = (parameters) => {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
};
