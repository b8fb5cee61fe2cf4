//! Comparison of names of persons.
//!
//! A [`Name`] is parsed (titles, particles, initials, suffixes and inversion set aside, any script romanised), its parts are aligned with
//! those of the other name by their letters and transliteration skeletons, and a small model gives a probability over features of the
//! alignment. The [`Evidence`] says in words what was aligned.
//!
//! ```
//! use allonym::link::names;
//!
//! let comparison = names::compare("Abbas Aragchi", "A. Araghchi");
//! assert!(comparison.probability > names::NameModel::embedded().threshold());
//! assert_eq!(
//!     comparison.to_string(),
//!     "given name: initial (abbas, a); surname: same transliteration skeleton (aragchi, araghchi)"
//! );
//! ```

mod across;
mod alignment;
mod commonness;
mod comparison;
mod contradiction;
mod distance;
mod east_asian;
mod features;
mod frequency;
mod joined;
mod keys;
mod letters;
mod likeness;
mod loose;
mod model;
mod name;
mod network;
mod parts;
mod relative;
mod romanise;
mod scripts;
mod set_aside;
mod skeleton;
mod sounds;
mod token;
mod tokens;
#[doc(hidden)]
pub mod training;
mod trees;
mod word;

pub use comparison::{Comparison, Evidence, NameSide, PartRole};
pub(super) use contradiction::Contradiction;
pub use likeness::Likeness;
pub use model::NameModel;
pub use name::Name;
pub use relative::Relative;
pub(super) use tokens::Tokens;
pub(super) use word::n_title_words;

/// Compares two names of persons with the embedded model.
///
/// Symmetric: the names in the other order have the same probability. To compare one name with many, [`parse`](NameModel::parse) each
/// name once and use [`NameModel::compare`], or [`NameModel::probability`] where no reasons are needed.
///
/// ```
/// use allonym::link::names::{self, NameModel};
///
/// let threshold = NameModel::embedded().threshold();
/// assert!(names::compare("Abbas Araghchi", "عباس عراقچی").probability >= threshold);
/// assert!(names::compare("Ruhollah Khomeini", "Ali Khamenei").probability < threshold);
/// ```
pub fn compare(a: &str, b: &str) -> Comparison {
    let model = NameModel::embedded();
    model.compare(&model.parse(a), &model.parse(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_one(a: &str, b: &str) -> bool {
        compare(a, b).probability >= NameModel::embedded().threshold()
    }

    /// What every matcher that was measured gets wrong somewhere.
    #[test]
    fn traps() {
        let one = [
            ("Abbas Aragchi", "Abbas Araghchi"),
            ("Abbas Araqchi", "Abbas Araghchi"),
            ("Aragchi", "Araghchi"),
            ("Hossein Amir-Abdollahian", "Hossein Amirabdollahian"),
            ("Abdul Rashid Dostum", "Abdurrashid Dostum"),
            ("Qassem Soleimani", "Qasem Sulemani"),
            ("Dmytro Medvedev", "Dmitry Medvedev"),
            ("Javad Zarif", "Dr Javad Zarif"),
            ("Mohammad Javad Zarif", "Javad Zarif"),
            ("A. Q. Khan", "Abdul Qadeer Khan"),
            ("Khan, Imran", "Imran Khan"),
            ("Prime Minister Imran Khan", "Imran Khan"),
            ("Shah Mehmood Qureshi", "Foreign Minister Shah Mahmood Qureshi"),
            ("Bill Clinton", "William Clinton"),
            ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
            ("Mohammad Bagher Ghalibaf", "Mohammad Baqer Qalibaf"),
            ("Hassan Rouhani", "Hasan Ruhani"),
            ("Ayatollah Khomeini", "Ruhollah Khomeini"),
            ("Sardar Ayaz Sadiq", "Ayaz Sadiq"),
            ("Владимир Путин", "Vladimir Putin"),
            ("حسن روحانی", "Hassan Rouhani"),
            ("محمد جواد ظریف", "Mohammad Javad Zarif"),
            ("عمران خان", "Imran Khan"),
            ("سيرغي لافروف", "Sergei Lavrov"),
            ("سرگئی لاوروف", "Sergey Lavrov"),
            ("سید ابراهیم رئیسی", "Ebrahim Raisi"),
            ("Mullah Baradar", "Abdul Ghani Baradar"),
        ];
        let two = [
            ("Ayatollah Khomeini", "Ayatollah Khamenei"),
            ("Khomeini", "Khamenei"),
            ("Ruhollah Khomeini", "Ali Khamenei"),
            ("Hasan Khan", "Hussain Khan"),
            ("Hasan", "Hussain"),
            ("Jamal Ahmed", "Kamal Ahmed"),
            ("Jamal", "Kamal"),
            ("Salman Ahmad", "Sultan Ahmad"),
            ("Salman", "Sultan"),
            ("Nawaz Sharif", "Shehbaz Sharif"),
            ("Hamza Shehbaz Sharif", "Shehbaz Sharif"),
            ("Hamza Shehbaz", "Shehbaz Sharif"),
            ("Benazir Bhutto", "Zulfikar Ali Bhutto"),
            ("Bilawal Bhutto Zardari", "Benazir Bhutto"),
            ("Ali Larijani", "Sadeq Larijani"),
            ("Sirajuddin Haqqani", "Jalaluddin Haqqani"),
            ("Rahul Gandhi", "Indira Gandhi"),
            ("Bashar al-Assad", "Hafez al-Assad"),
            ("George W. Bush", "George H. W. Bush"),
            ("Jeb Bush", "George Bush"),
            ("Imran Khan", "Ayub Khan"),
            ("Mahinda Rajapaksa", "Gotabaya Rajapaksa"),
            ("Vitali Klitschko", "Wladimir Klitschko"),
            ("Rodrigo Duterte", "Sara Duterte"),
            ("Masoud Barzani", "Nechirvan Barzani"),
            ("Kamal Jumblatt", "Walid Jumblatt"),
            ("Saad Rafik Hariri", "Rafik Hariri"),
            ("بشار الأسد", "Hafez al-Assad"),
        ];
        let wrong = |pairs: &[(&str, &str)], want: bool| -> Vec<String> {
            let asked = pairs.iter().filter(|(a, b)| is_one(a, b) != want);
            asked.map(|(a, b)| format!("{a} | {b}: {:.3} {}", compare(a, b).probability, compare(a, b))).collect()
        };
        let wrong = [wrong(&one, true), wrong(&two, false)].concat();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn names_in_two_scripts() {
        let one = [
            ("مسعود بزشكيان", "Masoud Pezeshkian"),
            ("مسعود پزشکیان", "Масуд Пезешкиан"),
            ("عباس عراقجي", "Аббас Аракчи"),
            ("عبدالرحمن العطية", "Abdurrahman al-Attiyah"),
            ("الهام علی‌اف", "Ilham Aliyev"),
            ("김정은", "Kim Jong-un"),
            ("नरेन्द्र मोदी", "Narendra Modi"),
            ("Κυριάκος Μητσοτάκης", "Kyriakos Mitsotakis"),
            ("בנימין נתניהו", "Benjamin Netanyahu"),
            ("シンゾー・アベ", "Shinzo Abe"),
        ];
        let two =
            [("علی خامنه‌ای", "Ruhollah Khomeini"), ("حسن نصرالله", "Hussein Nasrallah"), ("김정은", "Kim Jong-il")];
        let say = |(a, b): &(&str, &str)| format!("{a} | {b}: {:.3} {}", compare(a, b).probability, compare(a, b));
        let wrong = one.iter().filter(|(a, b)| !is_one(a, b)).chain(two.iter().filter(|(a, b)| is_one(a, b)));
        let wrong: Vec<String> = wrong.map(say).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for (a, b) in one.into_iter().chain(two) {
            assert_eq!(compare(a, b).probability, compare(b, a).probability, "{a} | {b}");
        }
    }

    #[test]
    fn reasons_are_words() {
        for (a, b, want) in [
            ("Imran Khan", "Khan, I.", "given name: initial (imran, i); surname: same (khan)"),
            (
                "Nawaz Sharif",
                "Shehbaz Sharif",
                "surname: same (sharif); given name: different (nawaz, shehbaz); \
                 two given names that are not forms of one",
            ),
            (
                "Zarif",
                "Dr Javad Zarif",
                "surname: same (zarif); given name only in the second name (javad); title of the second name set aside (dr)",
            ),
            ("Amir-Abdollahian", "Amirabdollahian", "name: same (amirabdollahian); parts written in one"),
        ] {
            assert_eq!(compare(a, b).to_string(), want);
        }
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(a in "[A-Za-z' .,-]{0,24}", b in "[A-Za-z' .,-]{0,24}") {
            let (one, other) = (compare(&a, &b), compare(&b, &a));
            prop_assert_eq!(one.probability, other.probability);
            prop_assert_eq!(one.evidence.len(), other.evidence.len());
        }

        #[test]
        fn nothing_breaks_it(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            let probability = compare(&a, &b).probability;
            prop_assert!((0.0..=1.0).contains(&probability));
        }

        #[test]
        fn the_probability_is_that_of_the_comparison(a in "[A-Z][a-z]{1,6} [A-Z][a-z]{1,8}", b in "[A-Z][a-z]{1,6} [A-Z][a-z]{1,8}") {
            let model = NameModel::embedded();
            prop_assert_eq!(compare(&a, &b).probability, model.probability(&model.parse(&a), &model.parse(&b)));
        }
    }
}
