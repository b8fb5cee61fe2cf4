//! The meaning of the columns of a CoNLL file.

use std::str::FromStr;

/// The columns of a CoNLL file, such as `token,pos,chunk,ner`.
///
/// `token` (or `word`, `form`) is the token, `ner` (or `tag`, `label`) the tag; a column of any other name (say `_`) is kept but not
/// read.
///
/// ```
/// use allonym::io::Columns;
///
/// let columns: Columns = "_,ner,token".parse()?;
/// assert_eq!((columns.len(), columns.token(), columns.tag()), (3, 2, Some(1)));
/// # Ok::<(), allonym::io::ColumnsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    len: usize,
    token: usize,
    tag: Option<usize>,
}

impl Columns {
    /// The number of columns of every row.
    #[expect(clippy::len_without_is_empty, reason = "there is always a token column")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The index of the token, from 0.
    pub fn token(&self) -> usize {
        self.token
    }

    /// The index of the tag, from 0; `None` where no column has tags.
    pub fn tag(&self) -> Option<usize> {
        self.tag
    }
}

/// A list of columns without exactly one token column and at most one tag column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ColumnsError {
    /// No token column, or more than one.
    #[error("expected one column named token, found {found} in {columns:?}")]
    Token {
        /// The list as given.
        columns: String,
        /// The number of token columns.
        found: usize,
    },
    /// More than one tag column.
    #[error("expected at most one column named ner, found {found} in {columns:?}")]
    Tag {
        /// The list as given.
        columns: String,
        /// The number of tag columns.
        found: usize,
    },
}

impl FromStr for Columns {
    type Err = ColumnsError;

    fn from_str(columns: &str) -> Result<Self, ColumnsError> {
        let names: Vec<String> = columns.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        let places = |wanted: &[&str]| -> Vec<usize> {
            (0..names.len()).filter(|&index| wanted.contains(&names[index].as_str())).collect()
        };
        let tokens = places(&["token", "word", "form"]);
        let tags = places(&["ner", "tag", "label"]);
        let &[token] = tokens.as_slice() else {
            return Err(ColumnsError::Token { columns: columns.to_owned(), found: tokens.len() });
        };
        if tags.len() > 1 {
            return Err(ColumnsError::Tag { columns: columns.to_owned(), found: tags.len() });
        }
        Ok(Self { len: names.len(), token, tag: tags.first().copied() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_one_token_column_and_at_most_one_tag_column() {
        let cases = [
            ("token", Ok(Columns { len: 1, token: 0, tag: None })),
            ("_, NER ,Token", Ok(Columns { len: 3, token: 2, tag: Some(1) })),
            ("pos,ner", Err(ColumnsError::Token { columns: "pos,ner".into(), found: 0 })),
            ("word,form", Err(ColumnsError::Token { columns: "word,form".into(), found: 2 })),
            ("token,ner,tag", Err(ColumnsError::Tag { columns: "token,ner,tag".into(), found: 2 })),
        ];
        for (columns, want) in cases {
            assert_eq!(columns.parse::<Columns>(), want, "{columns}");
        }
    }
}
