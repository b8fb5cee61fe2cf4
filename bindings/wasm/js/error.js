/** What can go wrong with an argument, a document, a model or a file. */
export class AllonymError extends Error {
  name = "AllonymError";
}
