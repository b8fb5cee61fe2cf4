//! Names of any script in plain Latin letters.
//!
//! Arabic, Persian and Urdu letters have a table of their own, because `w` and `y` mostly write long vowels there and short vowels are
//! not written; every other letter is romanised by [`deunicode`]. Apostrophes and marks are dropped and do not separate tokens.

/// What a character is in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Romanised {
    /// Letters a to z in any case.
    Letters(&'static str),
    /// One ASCII letter as it is written.
    Letter(u8),
    /// Separates tokens: white space, hyphen, slash.
    Gap,
    /// Ends an initial or an abbreviated title.
    Dot,
    /// Separates a surname from the given names after it.
    Comma,
    /// Dropped: apostrophes, marks, quotes, digits.
    Nothing,
}

/// Whether a character is written in the Arabic script, where short vowels are left out.
pub(super) fn is_abjad(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// What a character at a place is in a name.
pub(super) fn romanise(c: char, place: Place) -> Romanised {
    match c {
        'a'..='z' | 'A'..='Z' => Romanised::Letter(c as u8),
        '.' => Romanised::Dot,
        ',' | '،' | ';' => Romanised::Comma,
        '-' | '/' | '_' | '(' | ')' | '[' | ']' | '\u{2010}'..='\u{2015}' | '\u{200c}' | '·' | '・' | '･' | '＝' => {
            Romanised::Gap
        }
        _ if c.is_whitespace() => Romanised::Gap,
        _ if c.is_ascii() => Romanised::Nothing,
        _ if is_abjad(c) => Romanised::Letters(abjad(c, place)),
        '‘' | '’' | 'ʻ' | 'ʼ' | 'ʿ' | 'ʾ' | '´' | '“' | '”' | '„' | '«' | '»' | 'ь' | 'ъ' | 'Ь' | 'Ъ' => {
            Romanised::Nothing
        }
        'х' | 'Х' => Romanised::Letters("kh"),
        'щ' | 'Щ' => Romanised::Letters("shch"),
        'ё' | 'Ё' | 'є' | 'Є' => Romanised::Letters("e"),
        _ => deunicode::deunicode_char(c).map_or(Romanised::Nothing, |text| match text.trim() {
            "" => Romanised::Nothing,
            letters => Romanised::Letters(letters),
        }),
    }
}

/// Where a character is in its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// First letter.
    Start,
    /// Any other letter.
    Inside,
}

/// A letter of Arabic, Persian or Urdu as news in English romanises it.
fn abjad(c: char, place: Place) -> &'static str {
    match c {
        'ا' | 'آ' | 'أ' | 'إ' | 'ٱ' | 'ع' | 'ى' => "a",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' | 'ٹ' => "t",
        'ث' | 'س' | 'ص' => "s",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' | 'ہ' | 'ھ' | 'ة' | 'ۀ' | 'ە' => "h",
        'خ' => "kh",
        'د' | 'ڈ' => "d",
        'ذ' | 'ز' | 'ض' | 'ظ' => "z",
        'ر' | 'ڑ' => "r",
        'ژ' => "zh",
        'ش' => "sh",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ک' | 'ك' => "k",
        'گ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' | 'ں' => "n",
        'و' | 'ؤ' if place == Place::Start => "w",
        'و' | 'ؤ' => "u",
        'ی' | 'ي' | 'ئ' if place == Place::Start => "y",
        'ی' | 'ي' | 'ئ' => "i",
        'ے' => "e",
        _ => "",
    }
}
