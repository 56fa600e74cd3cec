//! What a search can be narrowed by: the filter form with its counts, and a chip for each filter
//! that holds.

use super::asked::{KINDS, Sort, Wish, query_string, word};
use crate::base::dutch;
use crate::catalogue::Vocabulary;
use crate::search::{AppliedCue, Facets, Filters, Meaning, Order, SearchRequest, When};
use crate::site::filters::{Chip, Choice, QueryString, counted};
use crate::site::{items, links};

/// The choices of the filter form, with counts.
pub(super) struct Form {
    pub zones: Vec<Choice>,
    pub themes: Vec<Choice>,
    pub audiences: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub only: Vec<Choice>,
    pub sorts: Vec<Choice>,
    pub from: String,
    /// A place was typed that is not known.
    pub from_unknown: bool,
}

pub(super) fn form(names: &Vocabulary, facets: &Facets, wish: &Wish) -> Form {
    let chosen = &wish.request.filters;
    let themes = names
        .themes
        .iter()
        .filter(|theme| theme.is_top() || chosen.themes.contains(&theme.slug));
    let zones = names.zones.iter().map(|z| (&*z.slug, &*z.name));
    let audiences = names.audiences.iter().map(|a| (a.slug.as_str(), &*a.name));
    Form {
        zones: counted(zones, &facets.zones, &chosen.zones),
        themes: counted(
            themes.map(|t| (&*t.slug, &*t.name)),
            &facets.themes,
            &chosen.themes,
        ),
        audiences: counted(audiences, &facets.audiences, &chosen.audiences),
        kinds: KINDS
            .iter()
            .map(|(word, kind)| {
                let found = facets
                    .kinds
                    .iter()
                    .find(|c| c.value == *kind)
                    .map_or(0, |c| c.count);
                Choice::new(
                    *word,
                    items::kind_words(*kind).1,
                    chosen.kinds.contains(kind),
                )
                .counted(found)
            })
            .filter(|choice| choice.chosen || choice.count != Some(0))
            .collect(),
        only: vec![
            Choice::new("gratis", "Gratis", chosen.free_of_charge).counted(facets.free_of_charge),
            Choice::new("rolstoel", "Rolstoel kan naar binnen", chosen.wheelchair)
                .counted(facets.wheelchair),
        ],
        sorts: Sort::ALL
            .iter()
            .map(|(sort, word, name)| Choice::new(*word, *name, *sort == wish.sort))
            .collect(),
        from: wish.from.clone(),
        from_unknown: wish.sort == Sort::Distance && wish.request.order == Order::Relevance,
    }
}

pub(super) fn filter_chips(
    names: &Vocabulary,
    filters: &Filters,
    query: &QueryString,
) -> Vec<Chip> {
    let chip = |name: &str, key: &str, value: &str| Chip {
        name: name.to_owned(),
        href: query.without(key, value).on(links::SEARCH),
    };
    let mut chips = Vec::new();
    for slug in &filters.zones {
        chips.push(chip(
            names.zone(slug).map_or(slug, |z| &z.name),
            "wijk",
            slug,
        ));
    }
    for slug in &filters.themes {
        chips.push(chip(
            names.theme(slug).map_or(slug, |t| &t.name),
            "thema",
            slug,
        ));
    }
    for slug in &filters.audiences {
        chips.push(chip(
            names.audience(slug).map_or(slug, |a| &a.name),
            "doelgroep",
            slug,
        ));
    }
    for kind in &filters.kinds {
        chips.push(chip(items::kind_words(*kind).1, "soort", word(*kind)));
    }
    if filters.free_of_charge {
        chips.push(chip("Gratis", "gratis", "ja"));
    }
    if filters.wheelchair {
        chips.push(chip("Rolstoel kan naar binnen", "rolstoel", "ja"));
    }
    chips
}

/// The words that were read as filters; taking one off takes its words out of the query.
pub(super) fn cue_chips(names: &Vocabulary, cues: &[AppliedCue], wish: &Wish) -> Vec<Chip> {
    let chip = |cue: &AppliedCue| {
        let name = match &cue.meaning {
            Meaning::Zones(zones) => {
                let known = zones.iter().filter_map(|slug| names.zone(slug));
                let known: Vec<&str> = known.map(|zone| zone.name.as_str()).collect();
                dutch::list(&known)
            }
            Meaning::When(when) => match when {
                When::Today => "Vandaag".to_owned(),
                When::Tomorrow => "Morgen".to_owned(),
                When::Weekend => "Dit weekend".to_owned(),
                When::Week => "Deze week".to_owned(),
                When::NextWeek => "Volgende week".to_owned(),
                When::On(day) => dutch::sentence(dutch::weekday(*day)),
            },
            Meaning::Free => "Gratis".to_owned(),
            Meaning::Wheelchair => "Rolstoel kan naar binnen".to_owned(),
            Meaning::Agenda => return None,
        };
        let request = SearchRequest {
            words: cue.without.clone(),
            ..wish.request.clone()
        };
        let without = Wish {
            request,
            sort: wish.sort,
            from: wish.from.clone(),
        };
        Some(Chip {
            name,
            href: query_string(&without).on(links::SEARCH),
        })
    };
    cues.iter().filter_map(chip).collect()
}
