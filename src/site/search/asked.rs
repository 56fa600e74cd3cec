//! The address of a search: read into a request, and written again.

use std::str::FromStr;

use chrono::NaiveDateTime;
use serde::Deserialize;

use super::{LAST_PAGE, PER_PAGE};
use crate::base::RecordKind;
use crate::catalogue::Vocabulary;
use crate::search::{Filters, Order, SearchRequest};
use crate::site::filters::QueryString;
use crate::web::query::lenient;

/// The query of the search page, as it stands in the address.
#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default, deserialize_with = "lenient")]
    q: Option<String>,
    #[serde(default)]
    thema: Vec<String>,
    #[serde(default)]
    wijk: Vec<String>,
    #[serde(default)]
    doelgroep: Vec<String>,
    #[serde(default)]
    soort: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    gratis: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    rolstoel: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    letterlijk: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    sorteer: Option<Sort>,
    #[serde(default, deserialize_with = "lenient")]
    vanaf: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pagina: Option<usize>,
}

/// The order of the results, as it stands in the address.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Relevance,
    Distance,
    Date,
    Name,
}

impl Sort {
    pub(super) const ALL: [(Self, &str, &str); 4] = [
        (Self::Relevance, "", "Beste eerst"),
        (Self::Distance, "afstand", "Dichtbij eerst"),
        (Self::Date, "datum", "Eerste datum eerst"),
        (Self::Name, "naam", "Op naam, van A tot Z"),
    ];

    pub(super) fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(sort, ..)| *sort == self)
            .map_or("", |(_, word, _)| word)
    }
}

impl FromStr for Sort {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == word);
        found.map(|(sort, ..)| *sort).ok_or(())
    }
}

/// What was asked, with what only the page needs to know of it.
pub(super) struct Wish {
    pub request: SearchRequest,
    pub sort: Sort,
    /// From where distances are measured, as typed.
    pub from: String,
}

/// What was asked, as far as it means something; the rest of the address is ignored.
pub(super) fn wish(asked: &Asked, names: &Vocabulary, now: NaiveDateTime) -> Wish {
    let some = |values: &[String], known: &dyn Fn(&str) -> bool| {
        let mut values: Vec<String> = values
            .iter()
            .filter(|value| known(value))
            .cloned()
            .collect();
        values.sort();
        values.dedup();
        values
    };
    let text = |value: &Option<String>, most: usize| -> String {
        let text = value.as_deref().unwrap_or_default();
        text.trim().chars().take(most).collect()
    };
    let yes = |value: &Option<String>| value.as_deref() == Some("ja");
    let filters = Filters {
        themes: some(&asked.thema, &|slug| names.theme(slug).is_some()),
        zones: some(&asked.wijk, &|slug| names.zone(slug).is_some()),
        audiences: some(&asked.doelgroep, &|slug| names.audience(slug).is_some()),
        kinds: KINDS
            .iter()
            .filter(|(word, _)| asked.soort.iter().any(|s| s == word))
            .map(|(_, kind)| *kind)
            .collect(),
        free_of_charge: yes(&asked.gratis),
        wheelchair: yes(&asked.rolstoel),
        ..Filters::default()
    };
    let from = text(&asked.vanaf, 60);
    // Who says from where wants what is near.
    let sort = match asked.sorteer.unwrap_or_default() {
        Sort::Relevance if !from.is_empty() => Sort::Distance,
        sort => sort,
    };
    let place = Some(&from).filter(|from| !from.is_empty());
    let order = match sort {
        Sort::Relevance => Order::Relevance,
        Sort::Name => Order::Name,
        Sort::Date => Order::Date,
        // Without a place, the chosen zone is where someone is.
        Sort::Distance => place
            .or(filters.zones.first())
            .and_then(|place| names.point_of(place))
            .map_or(Order::Relevance, Order::Distance),
    };
    let request = SearchRequest {
        words: text(&asked.q, 300),
        literal: yes(&asked.letterlijk),
        filters,
        order,
        now: Some(now),
        page: asked.pagina.unwrap_or(1).clamp(1, LAST_PAGE),
        per_page: PER_PAGE,
    };
    Wish {
        request,
        sort,
        from,
    }
}

/// The words for kinds of record in the address.
pub(super) const KINDS: [(&str, RecordKind); 7] = [
    ("activiteit", RecordKind::Activity),
    ("organisatie", RecordKind::Organisation),
    ("plek", RecordKind::Place),
    ("dossier", RecordKind::Dossier),
    ("vraag", RecordKind::Faq),
    ("thema", RecordKind::Theme),
    ("wijk", RecordKind::Zone),
];

pub(super) fn word(kind: RecordKind) -> &'static str {
    KINDS
        .iter()
        .find(|(_, k)| *k == kind)
        .map_or("", |(word, _)| word)
}

pub(super) fn query_string(wish: &Wish) -> QueryString {
    let request = &wish.request;
    let filters = &request.filters;
    QueryString::default()
        .with("q", &request.words)
        .with_all("thema", filters.themes.iter().map(String::as_str))
        .with_all("wijk", filters.zones.iter().map(String::as_str))
        .with_all("doelgroep", filters.audiences.iter().map(String::as_str))
        .with_all("soort", filters.kinds.iter().map(|kind| word(*kind)))
        .with("gratis", if filters.free_of_charge { "ja" } else { "" })
        .with("rolstoel", if filters.wheelchair { "ja" } else { "" })
        .with("letterlijk", if request.literal { "ja" } else { "" })
        .with("sorteer", wish.sort.word())
        .with("vanaf", &wish.from)
}
