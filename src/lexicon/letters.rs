//! Letters that some write for one another.

/// The letters and digits of a name in lower case, those in one that some write for one another; without the vowel marks of Arabic and
/// Hebrew.
pub(crate) fn fold_letters(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    letters.map(fold).filter(|c| !is_vowel_mark(*c)).collect()
}

fn fold(c: char) -> char {
    match c {
        'ي' | 'ى' | 'ئ' | 'ې' => 'ی',
        'ك' | 'ڪ' => 'ک',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ة' | 'ہ' | 'ۀ' | 'ە' | 'ھ' => 'ه',
        'ؤ' => 'و',
        'ё' => 'е',
        'ґ' => 'г',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        c => c,
    }
}

/// Whether a mark is alphabetic but tells no name from another.
fn is_vowel_mark(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5c7}' | '\u{640}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{621}')
}
