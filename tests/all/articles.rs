//! The embedded model on our own articles: what a careful editor would mark.
#![cfg(feature = "embedded-model")]

use std::sync::LazyLock;

use allonym::Tagger;

pub(crate) static TAGGER: LazyLock<Tagger> = LazyLock::new(|| Tagger::embedded().expect("the model inside loads"));

pub(crate) fn article(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/articles").join(name);
    std::fs::read_to_string(path).expect("an article of ours can be read")
}

/// All articles, one behind the other.
pub(crate) fn all_articles() -> String {
    let names = ["01-border-market", "02-river-dam", "03-football", "04-merger", "05-volcano", "06-election"];
    names.map(|name| article(&format!("{name}.txt"))).join("\n")
}

fn tag(text: &str) -> Vec<(String, String)> {
    let mentions = TAGGER.tag_text(text).expect("the model tags");
    mentions.iter().map(|mention| (text[mention.span.range()].to_owned(), mention.label.to_string())).collect()
}

#[test]
fn finds_the_names_of_the_river_article() {
    let found = tag(&article("02-river-dam.txt"));
    for want in [
        ("Lima", "LOC"),
        ("Peru", "LOC"),
        ("Supreme Court", "ORG"),
        ("Rosa Quispe Mamani", "PER"),
        ("San Pedro", "LOC"),
        ("Ministry of Energy", "ORG"),
        ("Carlos Benavides", "PER"),
        ("United Nations", "ORG"),
        ("U.S.", "LOC"),
        ("Geneva", "LOC"),
        ("U.N. Human Rights Council", "ORG"),
    ] {
        assert!(found.contains(&(want.0.to_owned(), want.1.to_owned())), "{want:?} is not in {found:?}");
    }
}

#[test]
fn shouting_and_whispering_change_little() {
    let text = "Foreign Minister Javier Ruiz met Angela Brandt of the World Bank in Islamabad on Tuesday.";
    let want = [("Javier Ruiz", "PER"), ("Angela Brandt", "PER"), ("World Bank", "ORG"), ("Islamabad", "LOC")];
    for text in [text.to_owned(), text.to_uppercase(), text.to_lowercase()] {
        let found: Vec<(String, String)> =
            tag(&text).into_iter().map(|(name, label)| (name.to_lowercase(), label)).collect();
        let want = want.map(|(name, label)| (name.to_lowercase(), label.to_owned()));
        assert_eq!(found, want, "{text}");
    }
}

#[test]
fn mentions_are_clean_at_their_ends() {
    for (text, want) in [
        ("Talks with Iran, said Paris.", vec!["Iran", "Paris"]),
        ("The U.S. and Pakistan’s “friend” China.", vec!["U.S.", "Pakistan", "China"]),
        ("(Berlin)", vec!["Berlin"]),
    ] {
        let found: Vec<String> = tag(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, want, "{text}");
    }
}

#[test]
fn spans_slice_and_scores_are_probabilities() {
    let text = all_articles();
    let mentions = TAGGER.tag_text(&text).expect("the model tags");
    assert!(mentions.len() > 100, "{}", mentions.len());
    for pair in mentions.windows(2) {
        assert!(pair[0].span.end() <= pair[1].span.start(), "mentions stand in order and do not overlap");
    }
    for mention in mentions {
        let surface = mention.span.slice(&text).expect("the span is of this text");
        assert_eq!(surface, surface.trim());
        assert!(mention.score.is_some_and(|score| score > 0.0 && score <= 1.0));
    }
}

#[test]
fn one_tagger_serves_many_threads() {
    let text = article("04-merger.txt");
    let want = TAGGER.tag_text(&text).expect("the model tags");
    std::thread::scope(|scope| {
        let others: Vec<_> = (0..4).map(|_| scope.spawn(|| TAGGER.tag_text(&text).expect("the model tags"))).collect();
        for other in others {
            assert_eq!(other.join().expect("the thread ends well"), want);
        }
    });
}
