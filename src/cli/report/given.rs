//! The command line as it was understood.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value};

/// A command with its arguments, and the value of each of its options, whether it was given or is the default.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Given {
    pub(super) command: String,
    /// All arguments, without the name of the program.
    pub(super) arguments: Vec<String>,
    /// By their names without the hyphens. `null` where there is neither a value nor a default.
    pub(super) options: Map<String, Value>,
}

impl Given {
    pub(crate) fn of(program: &Command, matches: &ArgMatches, arguments: &[OsString]) -> Self {
        let Some((name, matches)) = matches.subcommand() else { return Self::default() };
        let options = program.find_subcommand(name).into_iter().flat_map(Command::get_arguments);
        let options = options.filter_map(|option| match option.get_long() {
            Some("help" | "version") | None => None,
            Some(long) => Some((long.to_owned(), value(option, matches))),
        });
        Self {
            command: name.to_owned(),
            // An argument need not be text; the report is.
            arguments: arguments.iter().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect(),
            options: options.collect(),
        }
    }
}

fn value(option: &Arg, matches: &ArgMatches) -> Value {
    let raw = matches.try_get_raw(option.get_id().as_str()).ok().flatten();
    let mut values = raw.into_iter().flatten().map(|value| value.to_string_lossy().into_owned());
    match option.get_action() {
        ArgAction::SetTrue => values.next().is_some_and(|value| value == "true").into(),
        ArgAction::Append => values.collect::<Vec<_>>().into(),
        _ if option.get_value_delimiter().is_some() || option.get_num_args().is_some_and(|n| n.max_values() > 1) => {
            values.collect::<Vec<_>>().into()
        }
        _ => values.next().into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use serde_json::json;

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn options_have_the_values_that_count() {
        let line =
            ["allonym", "tag", "a.txt", "--labels", "PER,ORG", "--no-link", "--never", "A", "B", "--never", "C", "D"];
        let arguments: Vec<OsString> = line.map(OsString::from).into();
        let mut program = Cli::command();
        let matches = program.try_get_matches_from_mut(&line[..line.len() - 6]).expect("a sound command line");
        let given = Given::of(&program, &matches, &arguments);
        assert_eq!((given.command.as_str(), given.arguments.len()), ("tag", 11));
        for (name, want) in [
            ("labels", json!(["PER", "ORG"])),
            ("no-link", json!(true)),
            ("resume", json!(false)),
            ("text-field", json!("text")),
            ("max-document", json!("64MiB")),
            ("from", json!(null)),
            ("never", json!([])),
            ("min-score", json!([])),
        ] {
            assert_eq!(given.options.get(name), Some(&want), "{name}");
        }
        assert!(!given.options.contains_key("help") && !given.options.contains_key("inputs"));
        let line = ["allonym", "link", "a.jsonl", "--never", "A", "B", "--never", "C", "D"];
        let matches = program.try_get_matches_from_mut(line).expect("a sound command line");
        assert_eq!(Given::of(&program, &matches, &[]).options["never"], json!(["A", "B", "C", "D"]));
    }
}
