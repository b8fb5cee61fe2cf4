//! Under which keys do the spellings of a name meet?

use super::name::Name;

impl Name {
    /// The transliteration skeletons of its parts, given names first: two spellings of a part mostly have the same.
    pub(in crate::link) fn skeletons(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|token| token.skeleton.key.text())
    }

    /// The skeleton of all parts written in one: Amir-Abdollahian and Amirabdollahian have the same.
    pub(in crate::link) fn whole_skeleton(&self) -> &[u8] {
        &self.whole_key
    }
}
