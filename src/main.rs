//! The command line; every command lives in `wijzer::app`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use wijzer::app;
use wijzer::interchange::calendars::Consent;

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
    /// Follows the calendars (iCalendar) of organisations: their items become activities.
    Calendar {
        #[command(subcommand)]
        command: Calendar,
    },
    /// Manages who signs in to the admin area.
    User {
        #[command(subcommand)]
        command: User,
    },
    /// Prints what search holds of every record, a line of JSON each: to compare other engines.
    Documents,
    /// Lists every setting with its default and meaning, as a table.
    Settings,
    /// Asks a running portal whether it is ready; for health checks.
    Health,
}

#[derive(Subcommand)]
enum Calendar {
    /// Registers a calendar to follow, or revises the one of that name; it is due at once.
    Add(Box<CalendarSource>),
    /// Lists the calendars: name, organisation, on or paused, the last run, the address.
    List,
    /// Prints the last runs of a calendar with what they had to say.
    Log { source: String },
    /// Follows a calendar now.
    Run {
        source: String,
        /// Reads this file instead of the address.
        #[arg(long)]
        file: Option<PathBuf>,
        /// Says what would change, and writes nothing.
        #[arg(long)]
        dry_run: bool,
        /// Also when everything that was still to come is gone from it.
        #[arg(long)]
        all_gone: bool,
    },
    /// Follows a calendar no more; its activities stay as they are.
    Remove { source: String },
}

#[derive(Subcommand)]
enum User {
    /// Makes an account, and prints the link with which its owner chooses a password.
    Create {
        email: String,
        #[arg(long)]
        name: String,
        /// administrator, editor or reader; roles with limits are given in the admin area. May be
        /// left out for the first administrator.
        #[arg(long)]
        role: Option<String>,
    },
    /// Ends an account's right to sign in, at once.
    Disable { email: String },
    /// Prints a link with which the owner of an account chooses a new password.
    Reset {
        email: String,
        /// Also takes the second factor away, for who lost phone and recovery codes.
        #[arg(long)]
        second_factor: bool,
    },
}

#[derive(clap::Args)]
struct CalendarSource {
    /// A short name in lower-case letters, digits and hyphens.
    source: String,
    /// Slug of the organisation whose calendar it is.
    #[arg(long)]
    organisation: String,
    /// Address (https, http or webcal); without it files are handed in.
    #[arg(long)]
    url: Option<String>,
    /// What it is called in lists.
    #[arg(long)]
    name: Option<String>,
    /// Kind of activity, where an item names none.
    #[arg(long, default_value = "meeting")]
    kind: String,
    /// Step of its activities.
    #[arg(long, default_value = "open")]
    step: String,
    /// Slug of the place, where an item names none.
    #[arg(long)]
    place: Option<String>,
    /// Slug of a theme, where an item names none. May be given more than once.
    #[arg(long = "theme")]
    themes: Vec<String>,
    /// Slug of an audience. May be given more than once.
    #[arg(long = "audience")]
    audiences: Vec<String>,
    /// New items are public at once; otherwise they wait as a draft.
    #[arg(long)]
    publish: bool,
    /// Hours between two runs.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=744))]
    every: u32,
    /// Keeps it, and does not follow it by itself.
    #[arg(long)]
    paused: bool,
}

fn calendar(command: Calendar) -> anyhow::Result<()> {
    match command {
        Calendar::Add(wanted) => app::calendars::add(&app::calendars::Wanted {
            slug: wanted.source,
            organisation: wanted.organisation,
            name: wanted.name,
            url: wanted.url,
            kind: wanted.kind,
            step: wanted.step,
            place: wanted.place,
            themes: wanted.themes,
            audiences: wanted.audiences,
            publish: wanted.publish,
            every_hours: wanted.every,
            paused: wanted.paused,
        }),
        Calendar::List => app::calendars::list(),
        Calendar::Log { source } => app::calendars::log(&source),
        Calendar::Run {
            source,
            file,
            dry_run,
            all_gone,
        } => {
            let consent = Consent { dry_run, all_gone };
            app::calendars::run(&source, file.as_deref(), consent)
        }
        Calendar::Remove { source } => app::calendars::remove(&source),
    }
}

fn user(command: &User) -> anyhow::Result<()> {
    match command {
        User::Create { email, name, role } => app::users::create(email, name, role.as_deref()),
        User::Disable { email } => app::users::disable(email),
        User::Reset {
            email,
            second_factor,
        } => app::users::reset(email, *second_factor),
    }
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
        Command::Calendar { command } => calendar(command),
        Command::User { command } => user(&command),
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
