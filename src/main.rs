//! The command line; every command lives in `wijzer::app`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use wijzer::app;

/// The social map of a Dutch municipality.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Settings come from the environment or a file; `wijzer settings` lists them."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the portal (what happens without a command).
    Serve,
    /// Loads CSV tables from a folder: all rows or none.
    Import {
        directory: PathBuf,
        /// Says what would change, and writes nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Writes every record to CSV tables in a folder.
    Export { directory: PathBuf },
    /// Throws the search index away and builds it anew; stop the portal first.
    Reindex,
    /// Searches as a visitor does, and prints the hits.
    Search {
        words: String,
        /// Says how the words were read and what each hit scores by.
        #[arg(long)]
        explain: bool,
        /// Tries another weight of the ranking: name=value. May be given more than once.
        #[arg(long = "with", value_name = "WEIGHT")]
        weights: Vec<String>,
    },
    /// Lists the words that visitors often searched for and found nothing: how often, the last day.
    Unanswered,
    /// Asks graded queries (a tab-separated table) and prints how well the search finds.
    Evaluate {
        file: PathBuf,
        /// Tries another weight of the ranking: name=value. May be given more than once.
        #[arg(long = "with", value_name = "WEIGHT")]
        weights: Vec<String>,
        /// Weighs the hits in a table (query id, rank and record, separated by tabs) of whatever
        /// engine, instead of asking.
        #[arg(long, value_name = "TABLE", conflicts_with_all = ["weights", "rounds", "ablation", "write"])]
        answers: Option<PathBuf>,
        /// Asks each query so often for a page of twenty, and prints how long the quickest took.
        #[arg(long, value_name = "TIMES")]
        rounds: Option<u32>,
        /// Prints what each part of search is worth, as a table.
        #[arg(long, conflicts_with_all = ["rounds", "write"])]
        ablation: bool,
        /// Writes the first hits of every query to a table.
        #[arg(long)]
        write: Option<PathBuf>,
    },
    /// Prints what search holds of every record, a line of JSON each: to compare other engines.
    Documents,
    /// Lists every setting with its default and meaning, as a table.
    Settings,
    /// Asks a running portal whether it is ready; for health checks.
    Health,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => app::serve(),
        Command::Import { directory, dry_run } => app::import(&directory, dry_run),
        Command::Export { directory } => app::export(&directory),
        Command::Reindex => app::reindex(),
        Command::Search {
            words,
            explain,
            weights,
        } => app::search(&words, explain, &weights),
        Command::Evaluate {
            file,
            answers: Some(answers),
            ..
        } => app::weigh(&file, &answers),
        Command::Evaluate {
            file,
            weights,
            ablation: true,
            ..
        } => app::ablation(&file, &weights),
        Command::Evaluate {
            file,
            weights,
            write,
            rounds,
            ..
        } => app::evaluate(&file, &weights, write.as_deref(), rounds.unwrap_or(0)),
        Command::Unanswered => app::unanswered(),
        Command::Documents => app::documents(),
        Command::Settings => app::settings(),
        Command::Health => app::health(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wijzer: {error:#}");
            ExitCode::FAILURE
        }
    }
}
