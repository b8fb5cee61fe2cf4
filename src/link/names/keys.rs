//! Keys that the spellings of a name share.

use super::name::Name;

impl Name {
    /// Transliteration skeletons of the parts, given names first. Spellings of a part mostly share one.
    pub(in crate::link) fn skeletons(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|token| token.skeleton.key.text())
    }

    /// Skeleton of all parts in one word: that of Amir-Abdollahian is that of Amirabdollahian.
    pub(in crate::link) fn whole_skeleton(&self) -> String {
        String::from_utf8_lossy(&self.whole_key()).into_owned()
    }
}
