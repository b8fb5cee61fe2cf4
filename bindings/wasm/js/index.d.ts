/// <reference lib="dom" />

/** What can go wrong with an argument, a document, a model or a file. */
export class AllonymError extends Error {}

/** What a review did not do, and why. */
export class Refusal extends AllonymError {
  /** In a word that stays: `overlap`, `stale`, `unfit` … */
  readonly code: string;
  /** The mentions that are in the way. */
  readonly mentions: number[];
}

/** A name in a text. */
export interface Mention {
  /** Where it begins: `text.slice(start, end)` is the mention. Offsets count units of UTF-16, as JavaScript does. */
  start: number;
  /** Where it ends. */
  end: number;
  /** The text between them. */
  text: string;
  /** `PER`, `ORG`, `LOC` or `MISC` with the model of the package. */
  label: string;
  /** The probability that exactly this span has exactly this label. */
  score?: number;
  /** The id of its entity. */
  entity?: string;
}

/** What names mean. */
export interface Entity {
  /** `e1`, `e2` … within a document; made from the content where documents are linked. */
  id: string;
  /** Its fullest name. */
  name: string;
  label: string;
  /** Every spelling, the most frequent one first. */
  aliases: (string | { name: string; mentions: number })[];
  /** Ids in knowledge bases, such as `{ wikidata: "Q843" }`. */
  kb?: Record<string, string>;
  /** The number of its mentions. */
  mentions: number;
  [field: string]: unknown;
}

/** A text with its names. Fields of your own come back as they were. */
export interface Document {
  id: string | number;
  text: string;
  /** What offsets count: always UTF-16 in what comes back. */
  offsets: "utf16";
  mentions: Mention[];
  entities?: Entity[];
  [field: string]: unknown;
}

/** A text, or an object with one. */
export type DocumentLike = string | { text: string; id?: string | number; offsets?: "utf16" | "char" | "byte"; mentions?: unknown[]; [field: string]: unknown };

export interface Progress {
  /** Bytes so far. */
  loaded: number;
  /** All bytes, where that is known. */
  total?: number;
}

export interface LoadOptions {
  /** The folder of a model: `config.json`, `tokenizer.json`, `model.safetensors`. By default the one in the package. */
  model?: string | URL;
  /** By default `int8`. */
  precision?: "auto" | "int8" | "f32";
  /** Told of each piece of the weights. */
  progress?: (progress: Progress) => void;
  /** Whether what came over the network is kept: by the Cache API in browsers, in a file in `~/.cache` in Node. By default yes. */
  cache?: boolean;
  /** Ends the loading. */
  signal?: AbortSignal;
}

export interface TagOptions {
  /** The annotation guideline: a name in `info.heads`. By default the first one. */
  head?: string;
  /** The labels to keep. By default all. */
  labels?: string[];
  /** The least score of a mention, from 0 to 1. */
  minScore?: number;
  /** The least scores of single labels. */
  minScores?: Record<string, number>;
  /** The refinements to make. By default all. */
  refinements?: string[];
  /** The steps that cut a text into words, each `on` or `off`. */
  segmentation?: Record<string, "on" | "off">;
  /** Whether the mentions of a document are linked with each other. By default yes. */
  link?: boolean;
}

export interface WriteOptions {
  /** The heading of an HTML page. */
  title?: string;
  /** What offsets count. By default `char`, Unicode code points, as the program `allonym` has them. */
  offsets?: "char" | "byte" | "utf16";
  /** Whether cells that a spreadsheet would run are marked as text. */
  escapeFormulae?: boolean;
  /** Whether a table begins with a byte order mark, which Excel needs. */
  byteOrderMark?: boolean;
}

/** Whether two names are one person's, and why. */
export interface Comparison {
  a: string;
  b: string;
  /** The probability that they are. */
  probability: number;
  /** The probability from which they are taken for one person's. */
  threshold: number;
  /** Whether they are. */
  same: boolean;
  /** Why, in words. */
  reason: string;
  /** Why, piece by piece. */
  evidence: { kind: string; [field: string]: unknown }[];
}

export interface Linked {
  documents: Document[];
  /** The entities of all documents. */
  entities: Entity[];
}

export interface Read {
  documents: Document[];
  /** Why others could not be read. */
  errors: AllonymError[];
  /** What was noticed meanwhile. */
  notices: string[];
}

export interface Info {
  version: string;
  precision: "int8" | "f32";
  /** What multiplies: `relaxed SIMD`, where the engine has it for whole bytes, or `SIMD128`; `gemm` in `f32`. */
  kernel: string;
  heads: { name: string; labels: string[] }[];
}

/** The formats that are written. */
export type Format = "jsonl" | "conll" | "html" | "tsv" | "csv" | "spacy" | "doccano" | "prodigy" | "label-studio" | "hugging-face";

export interface ReviewOptions {
  /** Who reviews. */
  annotator?: string;
  /** What the page is called. */
  title?: string;
  /** The order of the documents: by default the one with the least certain mention first. */
  order?: "score" | "name" | "input";
  /** Further labels; those of the documents and of the model are there always. */
  labels?: string[];
  /** The annotation guideline to tag by. */
  head?: string;
  /** Whether documents without mentions are tagged, and those without entities linked. By default yes. */
  tag?: boolean;
  /** Whether mentions have entities. By default yes. */
  link?: boolean;
  /** Mentions of another origin for the same documents: gold, or what a system predicted where the documents are the gold. */
  beside?: { kind: "gold" | "predicted"; documents: Iterable<DocumentLike> };
  /** The journal of a review that goes on: that of the program `allonym review` is one, too. */
  journal?: Uint8Array;
}

/** A file that a review has written. */
export interface WrittenFile {
  /** `documents.jsonl`, or another name after the format and the annotator. */
  name: string;
  bytes: Uint8Array;
}

/** Documents that somebody corrects. All of it is in memory: what shall stay has to be kept by the caller. */
export class Review {
  private constructor();
  /** What was odd about the journal. */
  readonly notes: string[];
  /** The bytes of the journal that were whole lines. What followed has to be cut off before lines are added. */
  readonly journalLength: number;
  /** What the server of `allonym review` answers to a path below `/api/`, and to what is posted there. Throws a `Refusal`. */
  ask(path: string, body?: unknown): unknown;
  /** Tags and links the next document that waits. Returns whether there was one. */
  prepare(): boolean;
  /** The lines that the journal has got since this was called last. */
  takeJournal(): Uint8Array;
  /** The files that answers have written since this was called last. */
  takeFiles(): WrittenFile[];
  /** The documents as they stand, and the pairs of names, as the program writes them. */
  files(): WrittenFile[];
  /** Gives the memory back. */
  free(): void;
}

/** The same in a worker. */
export class ReviewWorker {
  private constructor();
  readonly notes: string[];
  readonly journalLength: number;
  /** Why the last lines of the journal could not be kept. */
  readonly unkept?: Error;
  ask(path: string, body?: unknown): Promise<unknown>;
  prepare(): Promise<boolean>;
  takeFiles(): WrittenFile[];
  files(): Promise<WrittenFile[]>;
  /** Gives the memory back. */
  close(): Promise<void>;
}

/** A loaded model. All of its methods run on the thread that calls them. */
export class Tagger {
  private constructor();
  static load(options?: LoadOptions): Promise<Tagger>;
  readonly info: Info;
  /** Finds the names of a text, and links those of one entity. Throws an `AllonymError`. */
  tag(document: DocumentLike, options?: TagOptions): Document;
  /** The same for many. One that fails is an error in its place. */
  tagAll(documents: Iterable<DocumentLike>, options?: TagOptions): (Document | AllonymError)[];
  /** Links the mentions of documents across all of them. */
  link(documents: Iterable<DocumentLike>): Linked;
  /** Compares two names of persons. */
  compare(a: string, b: string): Comparison;
  /** The documents of a file: text, HTML, JSONL, CoNLL, CSV … Its name and its content tell the format. */
  read(bytes: ArrayBuffer | Uint8Array, name: string): Read;
  /** Documents in a format, as bytes. */
  write(documents: Iterable<DocumentLike>, format: Format, options?: WriteOptions): Uint8Array;
  /** Opens a review of documents. */
  review(documents: Iterable<DocumentLike>, options?: ReviewOptions): Review;
  /** Gives the memory back. */
  free(): void;
}

/** The same in a worker, whose methods return promises. */
export class TaggerWorker {
  private constructor();
  /** `worker` is one of your own that runs `allonym/worker`, for bundlers that must make it themselves. */
  static load(options?: LoadOptions & { worker?: Worker }): Promise<TaggerWorker>;
  readonly info: Info;
  tag(document: DocumentLike, options?: TagOptions): Promise<Document>;
  tagAll(documents: Iterable<DocumentLike>, options?: TagOptions): Promise<(Document | AllonymError)[]>;
  link(documents: Iterable<DocumentLike>): Promise<Linked>;
  compare(a: string, b: string): Promise<Comparison>;
  read(bytes: ArrayBuffer | Uint8Array, name: string): Promise<Read>;
  write(documents: Iterable<DocumentLike>, format: Format, options?: WriteOptions): Promise<Uint8Array>;
  /** `keep` is given lines of the journal to keep, and nobody hears of a step before it has. Where it fails, `unkept` says why, and the lines come again with those that follow. */
  review(documents: Iterable<DocumentLike>, options?: ReviewOptions & { keep?: (lines: Uint8Array) => unknown }): Promise<ReviewWorker>;
  /** Ends the worker and what it is doing; what waits for it fails. */
  terminate(): void | Promise<number>;
}
