-- The tables of an archive; docs/archive.md explains them with examples.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE documents (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,        -- of text and mentions
    date TEXT,
    source TEXT,
    added TEXT NOT NULL,         -- when it was linked
    mentions INTEGER NOT NULL,
    entities BLOB NOT NULL,      -- evidence of linking: rows of entities
    text BLOB NOT NULL           -- deflated UTF-8
);

CREATE TABLE entities (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    survivor INTEGER NOT NULL REFERENCES entities(row), -- its own row, or the entity that it was merged into
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    pinned TEXT                  -- 'decision' or 'row' if a person gave the name
);
CREATE INDEX entities_by_survivor ON entities(survivor);

CREATE TABLE names (
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL REFERENCES entities(row),
    kind TEXT NOT NULL,          -- person, organisation, place, other
    surface TEXT NOT NULL,       -- one spelling
    within INTEGER NOT NULL,     -- key of the state or document that the name belongs to; 0 for most
    sense INTEGER,               -- key of the entry of the knowledge base
    documents INTEGER NOT NULL,
    reason TEXT, scope TEXT, probability REAL -- why it is a name of the entity, if other names do not say so by themselves
);
CREATE INDEX names_by_entity ON names(entity);

CREATE TABLE aliases (
    row INTEGER PRIMARY KEY,
    name INTEGER NOT NULL REFERENCES names(row),
    surface TEXT NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    reason TEXT, probability REAL, -- why documents attach it to the name; NULL for the name itself
    UNIQUE (name, surface, label, kind)
);
CREATE INDEX aliases_by_surface ON aliases(surface COLLATE NOCASE);

CREATE TABLE mentions (
    document INTEGER NOT NULL REFERENCES documents(row),
    nth INTEGER NOT NULL,        -- in the document, from 0
    start INTEGER NOT NULL,      -- first byte in the text
    alias INTEGER NOT NULL REFERENCES aliases(row),
    PRIMARY KEY (document, nth)
) WITHOUT ROWID;
CREATE INDEX mentions_by_alias ON mentions(alias);

-- What names can meet by.
CREATE TABLE keys (key INTEGER NOT NULL, name INTEGER NOT NULL, PRIMARY KEY (key, name)) WITHOUT ROWID;

CREATE TABLE kb (
    entity INTEGER NOT NULL REFERENCES entities(row),
    base TEXT NOT NULL,          -- wikidata, geonames, iso3166, user
    id TEXT NOT NULL,
    PRIMARY KEY (entity, base)
) WITHOUT ROWID;
CREATE INDEX kb_by_id ON kb(base, id);

CREATE TABLE votes (
    entity INTEGER NOT NULL REFERENCES entities(row),
    entry TEXT NOT NULL,         -- of the knowledge base; '' for what is named after one
    ids TEXT NOT NULL,           -- JSON
    mentions INTEGER NOT NULL,
    by_context INTEGER NOT NULL,
    PRIMARY KEY (entity, entry)
) WITHOUT ROWID;

CREATE TABLE offices (
    entity INTEGER NOT NULL REFERENCES entities(row),
    office TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    PRIMARY KEY (entity, office)
) WITHOUT ROWID;

CREATE TABLE candidates (
    entity INTEGER NOT NULL REFERENCES entities(row),
    other INTEGER NOT NULL REFERENCES entities(row),
    probability REAL NOT NULL,
    PRIMARY KEY (entity, other)
) WITHOUT ROWID;

CREATE TABLE reasons (
    entity INTEGER NOT NULL REFERENCES entities(row),
    name TEXT NOT NULL,
    of TEXT NOT NULL,            -- the name that it was attached to
    reason TEXT NOT NULL,
    scope TEXT NOT NULL,
    probability REAL NOT NULL,
    documents INTEGER NOT NULL,  -- 0 for a merge that the names alone make
    PRIMARY KEY (entity, name, of)
) WITHOUT ROWID;

CREATE TABLE decisions (
    row INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    what TEXT NOT NULL,          -- merge, split, rename, never, same
    first TEXT NOT NULL,         -- an id, or a name
    second TEXT NOT NULL,
    state TEXT NOT NULL,         -- JSON: what undoing it needs
    undone TEXT                  -- when it was undone
);

CREATE TABLE log (
    row INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    what TEXT NOT NULL,          -- merge, split, revive, rename, replace, relink, decision, undo
    entity TEXT,                 -- id
    other TEXT,                  -- id, name or document
    why TEXT NOT NULL
);
CREATE TRIGGER log_is_not_changed BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_not_cut BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- One row a mention, with the id that is valid now.
CREATE VIEW linked AS
SELECT d.id AS document, d.date AS date, m.nth AS nth, m.start AS start, a.surface AS surface, a.label AS label,
       s.id AS entity, s.name AS name
FROM mentions m
JOIN documents d ON d.row = m.document
JOIN aliases a ON a.row = m.alias
JOIN names n ON n.row = a.name
JOIN entities e ON e.row = n.entity
JOIN entities s ON s.row = e.survivor;

-- The ids that are no longer valid, and what to read instead.
CREATE VIEW redirects AS
SELECT e.id AS id, s.id AS now FROM entities e JOIN entities s ON s.row = e.survivor WHERE e.survivor <> e.row;
