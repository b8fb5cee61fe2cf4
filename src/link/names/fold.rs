//! How does a name of any script become plain Latin letters?
//!
//! Arabic, Persian and Urdu letters are read by a table of their own, because `w` and `y` mostly stand for long vowels there and
//! short vowels are not written; every other letter is romanised by [`deunicode`]. Apostrophes and marks join what they stand in.

/// One character as lower-case ASCII letters, or as the separator or mark that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// Letters a to z, in any case.
    Letters(&'static str),
    /// One ASCII letter as it is written.
    Letter(u8),
    /// Between tokens: white space, hyphen, slash.
    Gap,
    /// After an initial or an abbreviated title.
    Dot,
    /// Between a surname and the given names that follow it.
    Comma,
    /// Apostrophes, marks, quotes, digits.
    Nothing,
}

/// Whether a character is written in the Arabic script, where short vowels are left out.
pub(super) fn is_abjad(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// What a character is in a name; `first` says whether it begins a token.
pub(super) fn fold(c: char, place: Place) -> Folded {
    match c {
        'a'..='z' | 'A'..='Z' => Folded::Letter(c as u8),
        '.' => Folded::Dot,
        ',' | '،' | ';' => Folded::Comma,
        '-' | '/' | '_' | '(' | ')' | '[' | ']' | '\u{2010}'..='\u{2015}' | '\u{200c}' | '·' => Folded::Gap,
        _ if c.is_whitespace() => Folded::Gap,
        _ if c.is_ascii() => Folded::Nothing,
        _ if is_abjad(c) => Folded::Letters(abjad(c, place)),
        '‘' | '’' | 'ʻ' | 'ʼ' | 'ʿ' | 'ʾ' | '´' | '“' | '”' | '„' | '«' | '»' | 'ь' | 'ъ' | 'Ь' | 'Ъ' => {
            Folded::Nothing
        }
        'х' | 'Х' => Folded::Letters("kh"),
        'щ' | 'Щ' => Folded::Letters("shch"),
        'ё' | 'Ё' | 'є' | 'Є' => Folded::Letters("e"),
        _ => deunicode::deunicode_char(c).map_or(Folded::Nothing, |text| match text.trim() {
            "" => Folded::Nothing,
            letters => Folded::Letters(letters),
        }),
    }
}

/// Where a character stands in its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// No letter before it.
    Start,
    /// After another letter.
    Inside,
}

/// Letters of Arabic, Persian and Urdu, romanised as news in English does it.
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
