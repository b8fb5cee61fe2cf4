/** What can go wrong with an argument, a document, a model or a file. */
export class AllonymError extends Error {
  name = "AllonymError";
}

/** What a review did not do, and why. */
export class Refusal extends AllonymError {
  name = "Refusal";

  /** From problem details, RFC 9457. */
  constructor({ code, detail, mentions = [] }) {
    super(detail);
    this.code = code;
    this.mentions = mentions;
  }
}
