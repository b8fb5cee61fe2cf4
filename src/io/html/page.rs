//! The article of a page, and what the page says about it.

use dom_smoothie::{Config, Readability, TextMode};

use super::text::text;
use super::title::{Headings, headline};

/// The article of a page.
pub(super) struct Page {
    pub(super) text: String,
    /// What the page says about the article: `title`, `byline`, `date`, `url`, `lang`.
    pub(super) fields: Vec<(&'static str, String)>,
}

impl Page {
    pub(super) fn read(html: &str) -> Self {
        let config = Config { text_mode: TextMode::Raw, ..Config::default() };
        let Ok(mut page) = Readability::new(html, None, Some(config)) else {
            unreachable!("only a bad address is refused, and none is given")
        };
        let facts = Facts::of(&page);
        let headings = Headings::of(&page.doc);
        let Some(article) = page.parse().ok() else { return Self { text: whole(html), fields: facts.fields("") } };
        let body = text(&article.content);
        if body.is_empty() {
            return Self { text: whole(html), fields: facts.fields("") };
        }
        let title = headline(&one_line(&article.title), &headings, article.site_name.as_deref());
        let first = body.lines().next().unwrap_or_default().trim();
        let fields = Facts {
            byline: article.byline.or(facts.byline),
            date: article.published_time.or(facts.date),
            url: facts.url.or(article.url),
            lang: article.lang.or(facts.lang),
        }
        .fields(&title);
        let text = if title.is_empty() || first == title { body } else { format!("{title}\n\n{body}") };
        Self { text, fields }
    }
}

/// All visible text.
fn whole(html: &str) -> String {
    let page = dom_smoothie::Readability::from(html);
    page.doc.select("head, script, style, noscript, template, svg, [hidden]").remove();
    text(&page.doc.html())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a page says about its article.
struct Facts {
    byline: Option<String>,
    date: Option<String>,
    url: Option<String>,
    lang: Option<String>,
}

impl Facts {
    fn of(page: &Readability) -> Self {
        let attribute = |selector: &str, name: &str| {
            let value = page.doc.select_single(selector).attr(name).map(|value| one_line(&value));
            value.filter(|value| !value.is_empty())
        };
        let first = |list: &[(&str, &str)]| list.iter().find_map(|(selector, name)| attribute(selector, name));
        Self {
            byline: first(&[("meta[name=author]", "content")]).filter(|name| !name.contains("://")),
            date: first(&[
                ("meta[property='article:published_time']", "content"),
                ("meta[name='date']", "content"),
                ("meta[name='DC.date.issued']", "content"),
                ("meta[itemprop=datePublished]", "content"),
                ("time[datetime]", "datetime"),
            ]),
            url: first(&[("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")]),
            lang: first(&[("html[lang]", "lang"), ("meta[http-equiv='content-language']", "content")]),
        }
    }

    fn fields(self, title: &str) -> Vec<(&'static str, String)> {
        let title = Some(title.to_owned()).filter(|title| !title.is_empty());
        let all =
            [("title", title), ("byline", self.byline), ("date", self.date), ("url", self.url), ("lang", self.lang)];
        let all = all.into_iter().filter_map(|(name, value)| Some((name, one_line(&value?))));
        all.filter(|(_, value)| !value.is_empty()).collect()
    }
}
