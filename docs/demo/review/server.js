// Asks a review in a worker, as the page of `allonym review` asks its server.
const server = (() => {
  /** Is told of the review that is open, and of where it is kept. */
  let begin;
  const opened = new Promise((resolve) => { begin = resolve; });

  /** Says what could not be kept, after the page has shown the step. */
  const warn = ({ message }) => setTimeout(() => review.fail(new Error(`the last steps are in this page only, for they could not be kept: ${message}; save the corrections`)), 0);

  const ask = async (path, body) => {
    const { open, home } = await opened;
    const said = await open.ask(path, body);
    if (path === "export") {
      await home.write(open.takeFiles());
      said.path = home.named(said.path);
    }
    if (open.unkept) warn(open.unkept);
    return said;
  };

  return { ask, query, Refusal, begin };
})();

