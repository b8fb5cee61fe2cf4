//! What users should know although it is not an error.

use std::fmt;

use crate::label::{Detection, Repair};
use crate::text::{Grouped, OffsetUnit, plural};

/// Something that a reader or writer skipped, chose, repaired or lost; displayed as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Hidden files of a folder were not read.
    Hidden {
        /// The folder or pattern as given.
        path: String,
        /// The number of files; a hidden folder counts as one.
        count: u64,
    },
    /// A file in a folder is not text.
    Binary {
        /// The file, or the name of the stream.
        path: String,
    },
    /// What was found in a folder is a pipe, a socket or a device.
    NoFile {
        /// Its path.
        path: String,
    },
    /// Files of a folder were not read, as their names are not those of articles.
    NotArticles {
        /// The folder or pattern as given.
        path: String,
        /// The files, without the folder; only the first ones if there are many.
        files: Vec<String>,
        /// The number of files.
        count: u64,
    },
    /// The encoding of a file was guessed.
    EncodingGuessed {
        /// The file, or the name of the stream.
        path: String,
        /// The encoding.
        encoding: String,
    },
    /// No column of a CoNLL file holds tags.
    NoTags {
        /// The file, or the name of the stream.
        path: String,
        /// The line of the first token, from 1.
        line: u64,
        /// The last cell of that line.
        found: String,
    },
    /// Several columns of a CoNLL file hold tags, one of which was read.
    TagColumn {
        /// The file, or the name of the stream.
        path: String,
        /// The column that was read, from 1.
        read: usize,
        /// The other columns of tags, from 1.
        others: Vec<usize>,
    },
    /// The scheme in which the tags of a CoNLL file were read.
    Scheme {
        /// The file, or the name of the stream.
        path: String,
        /// The scheme, and what speaks for and against it.
        detection: Detection,
        /// The number of tags that break the scheme.
        repairs: u64,
        /// How these tags were read.
        repair: Repair,
    },
    /// Rows of a CoNLL file of tokens and tags have blanks inside the token.
    TokensWithBlanks {
        /// The file, or the name of the stream.
        path: String,
        /// The number of rows.
        count: u64,
    },
    /// Lines of a CoNLL file end in another way than its first one; all will be written like the first.
    LineEnds {
        /// The file, or the name of the stream.
        path: String,
        /// The number of lines.
        count: u64,
    },
    /// Mentions of several pieces were not read; their lines are kept.
    Discontinuous {
        /// The .ann file.
        path: String,
        /// The number of mentions.
        count: u64,
    },
    /// Fields of the input have names that the output needs; they were renamed, with an underscore in front.
    Renamed {
        /// The file, or the name of the stream.
        path: String,
        /// The name of the field in the input.
        field: String,
        /// The number of documents that have it.
        count: u64,
    },
    /// Mentions were read from a field in which another tool keeps them.
    ReadFrom {
        /// The file, or the name of the stream.
        path: String,
        /// The name of the field.
        field: String,
        /// The number of documents that have it.
        count: u64,
    },
    /// Fields of JSON look as if they held annotations in a form that is not known.
    Unread {
        /// The file, or the name of the stream.
        path: String,
        /// The name of the field.
        field: String,
        /// The number of documents that have it.
        count: u64,
    },
    /// Documents that the annotator rejected or skipped (Prodigy's `answer`) were left out.
    Rejected {
        /// The file, or the name of the stream.
        path: String,
        /// The number of documents.
        count: u64,
    },
    /// Results of an annotation tool that are not mentions (choices, relations) were not read.
    OtherResults {
        /// The file, or the name of the stream.
        path: String,
        /// The number of results.
        count: u64,
    },
    /// The texts of mentions show that offsets count another unit than they were to count, in which they were read.
    UnitProven {
        /// The file, or the name of the stream.
        path: String,
        /// The unit in which the offsets fit.
        unit: OffsetUnit,
        /// The number of documents.
        count: u64,
    },
    /// Mentions without a text of their own begin or end inside of words, so that their offsets may count another unit.
    WordsCut {
        /// The file, or the name of the stream.
        path: String,
        /// The unit in which they were read.
        unit: OffsetUnit,
        /// The number of mentions that cut a word.
        cut: u64,
        /// The number of mentions without a text.
        mentions: u64,
        /// A unit in which fewer than half as many cut a word, and how many do.
        better: Option<(OffsetUnit, u64)>,
    },
    /// Fields beside the list of documents in a JSON file were not read.
    Envelope {
        /// The file, or the name of the stream.
        path: String,
        /// Their names.
        fields: Vec<String>,
    },
    /// Documents went to another model, as they are not in English.
    OtherModel {
        /// The name of that model.
        model: String,
        /// The languages and how many documents are in each, the most frequent first.
        counts: Vec<(String, u64)>,
        /// The id of the first document concerned.
        first: String,
    },
    /// Documents are in another language than those of the models.
    Foreign {
        /// The languages and how many documents are in each, the most frequent first.
        counts: Vec<(String, u64)>,
        /// The id of the first document concerned.
        first: String,
        /// Whether they were left out.
        skipped: bool,
        /// Whether English is all that the models know.
        only_english: bool,
    },
    /// The output format could not express something, which was changed or left out.
    Lossy {
        /// What happened to what, as a phrase.
        what: &'static str,
        /// How often.
        count: u64,
        /// The id of the first document concerned.
        first: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hidden { path, count } => write!(f, "{path}: {} not read", plural(*count, "hidden file")),
            Self::Binary { path } => write!(f, "{path}: not read, as it is not text"),
            Self::NoFile { path } => write!(f, "{path}: not read, as it is no file"),
            Self::NotArticles { path, files, count } => {
                let more = *count - files.len() as u64;
                let more = if more > 0 { format!(" and {} more", Grouped(more)) } else { String::new() };
                let files = files.join(", ");
                write!(
                    f,
                    "{path}: {} not read, as they are no articles: {files}{more} (--all-files reads them)",
                    plural(*count, "file")
                )
            }
            Self::EncodingGuessed { path, encoding } => write!(f, "{path}: read as {encoding}, which is a guess"),
            Self::NoTags { path, line, found } => {
                write!(
                    f,
                    "{path}: no column of tags, read without mentions: line {line} ends in {found:?}; tried IO, IOB1, IOB2, "
                )?;
                f.write_str("BIOES and BILOU, spelled B-PER, B_PER, PER-B or b-per; --columns names the column")
            }
            Self::TagColumn { path, read, others } => {
                let others: Vec<String> = others.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "{path}: tags read from column {read}; column {} has tags too (--columns chooses)",
                    others.join(", ")
                )
            }
            Self::Scheme { path, detection, repairs: 0, .. } => write!(f, "{path}: {detection}"),
            Self::Scheme { path, detection, repairs, repair } => {
                let read = if *repair == Repair::Discard { "discarded" } else { "read as conlleval reads them" };
                write!(f, "{path}: {detection}; {} against the scheme, {read}", plural(*repairs, "tag"))
            }
            Self::TokensWithBlanks { path, count } => {
                write!(f, "{path}: {} with blanks inside the token", plural(*count, "row"))
            }
            Self::LineEnds { path, count } => {
                write!(f, "{path}: {} with another line end than the first", plural(*count, "line"))
            }
            Self::Discontinuous { path, count } => {
                write!(f, "{path}: {} kept but not read", plural(*count, "discontinuous mention"))
            }
            Self::Renamed { path, field, count } => {
                write!(f, "{path}: field {field:?} kept as \"_{field}\" in {}", plural(*count, "document"))
            }
            Self::ReadFrom { path, field, count } => {
                write!(f, "{path}: mentions read from the field {field:?} of {}", plural(*count, "document"))
            }
            Self::Unread { path, field, count } => {
                let documents = plural(*count, "document");
                write!(
                    f,
                    "{path}: field {field:?} looks like annotations in a form that is not known: not read in {documents}, "
                )?;
                f.write_str("passed on as it is (known forms: jsonl, spacy, doccano, prodigy, label-studio, hf)")
            }
            Self::Rejected { path, count } => {
                let documents = plural(*count, "document");
                write!(f, "{path}: {documents} left out, whose \"answer\" is reject or ignore")
            }
            Self::OtherResults { path, count } => {
                write!(f, "{path}: {} not read, as they are not mentions", plural(*count, "result"))
            }
            Self::UnitProven { path, unit, count } => {
                write!(
                    f,
                    "{path}: offsets of {} read as {unit}, as the texts of its mentions demand",
                    plural(*count, "document")
                )
            }
            Self::WordsCut { path, unit, cut, mentions, better } => {
                let of = plural(*mentions, "mention");
                write!(f, "{path}: {} of {of} begin or end inside of a word, counted in {unit}", Grouped(*cut))?;
                match better {
                    None => Ok(()),
                    Some((unit, fewer)) => {
                        let fewer =
                            if *fewer == 0 { "none does".to_owned() } else { format!("{} do", Grouped(*fewer)) };
                        write!(f, "; in {unit}, {fewer}: if that is the unit, say \"offsets\": \"{unit}\"")
                    }
                }
            }
            Self::Envelope { path, fields } => {
                write!(f, "{path}: fields beside the list of documents not read: {}", fields.join(", "))
            }
            Self::OtherModel { model, counts, first } => {
                let (all, counts) = by_language(counts);
                write!(
                    f,
                    "{all} tagged with {model}: {counts} (first {first:?}); those in English with the built-in model"
                )
            }
            Self::Foreign { counts, first, skipped, only_english } => {
                let (all, counts) = by_language(counts);
                let (is_none, is) = match only_english {
                    true => ("the language is not English", "not in English, which is all that the model knows"),
                    false => ("no model here was trained for it", "in languages that no model here was trained for"),
                };
                match skipped {
                    true => write!(f, "{all} not tagged, as {is_none}: {counts} (first {first:?})"),
                    false => write!(f, "{all} {is}: {counts} (first {first:?}); --on-language skip leaves such out"),
                }
            }
            Self::Lossy { what, count, first } => {
                write!(f, "{}: {what} (first in document {first:?})", Grouped(*count))
            }
        }
    }
}

/// How many documents there are, and how many in each language.
fn by_language(counts: &[(String, u64)]) -> (String, String) {
    let all = plural(counts.iter().map(|(_, count)| count).sum(), "document");
    let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{} {name}", Grouped(*count))).collect();
    (all, counts.join(", "))
}
