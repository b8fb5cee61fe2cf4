// What the server says, and what base.js gives. Offsets count units of UTF-16.

interface About {
  annotator: string | null;
  folder: string;
  title: string;
  linked: boolean;
  labels: LabelInfo[];
  beside: Side[];
  mode: "review" | "gold";
  order: Order;
  documents: number;
}

type Order = "score" | "name" | "input";

interface LabelInfo { name: string; colour: number; key: string | null }

interface Side { name: string; kind: "gold" | "predicted" | "annotator" }

interface Row {
  index: number;
  id: string;
  status: Status;
  state: "waiting" | "ready" | "failed";
  error?: string;
  mentions: number;
  least: number | null;
  unsure: number;
  labels: string[];
  disagreements: number | null;
}

type Status = "open" | "complete";

interface Range_ { start: number; end: number }

interface Labelled extends Range_ { label: string }

interface Mention extends Labelled {
  id: number;
  score: number | null;
  entity: string | null;
  by: "input" | "model" | "annotator";
  accepted: boolean;
}

interface Entity {
  id: string;
  name: string;
  label: string;
  kb: Record<string, string>;
  links: Record<string, string>;
  mentions: number[];
  never: string[];
}

interface Disagreement extends Range_ {
  class: string;
  mine: number[];
  other: number[];
  settled: null | "mine";
}

interface Answered {
  index: number;
  id: string;
  version: number;
  status: Status;
  state: Row["state"];
  error?: string;
  text: string;
  mentions: Mention[];
  entities: Entity[];
  can_undo: boolean;
  can_redo: boolean;
  beside: null | (Side & { mentions: Labelled[]; disagreements: Disagreement[] });
}

interface Offer { text: string; label: string | null; add: Range_[]; relabel: number[]; remove: number[] }

interface Change {
  version: number;
  status: Status;
  can_undo: boolean;
  can_redo: boolean;
  mentions: { set: Mention[]; removed: number[] };
  entities: { set: Entity[]; removed: string[] };
  offer: Offer | null;
  disagreements: Disagreement[] | null;
  /** Its row of the list. */
  row: Row;
  /** The mention to go to. */
  at: number | null;
}

type Op = { do: string; [key: string]: unknown };

interface Progress {
  documents: number;
  complete: number;
  waiting: number;
  seconds_a_document: number | null;
  seconds_left: number | null;
  writing: string | null;
}

interface Agreed { kappa: number | null; alpha: number | null; words: number; agreed: number }

interface Disagreements extends Agreed {
  one: string;
  other: string;
  documents: number;
  f1: number | null;
  annotated: Agreed;
  listed: { index: number; id: string; disagreements: Listed[] }[];
}

interface Listed extends Range_ {
  class: string;
  before: string;
  marked: string;
  after: string;
  mine: Labelled[];
  other: Labelled[];
  settled: Disagreement["settled"];
}

/** What one can choose in a text: a mention, or what only the other side has. */
type Chosen = { mention: Mention } | { only: Disagreement } | null;

interface Answer { key: string; text: string; action: () => unknown; colour?: number }
