//! One address of every kind of page, in the demonstration set.

/// Where, and whether it is one of the main kinds that are looked at in the dark as well.
pub struct Kind {
    pub path: &'static str,
    pub main: bool,
}

const fn main(path: &'static str) -> Kind {
    Kind { path, main: true }
}

const fn more(path: &'static str) -> Kind {
    Kind { path, main: false }
}

pub const ORGANISATION: &str = "/organisaties/de-kern-deventer";
pub const ZONE: &str = "/wijken/bathmen";
/// With a quick exit and the numbers to call first.
pub const DOSSIER: &str = "/dossiers/huiselijk-geweld";
pub const MISSING: &str = "/bestaat-niet";

pub const KINDS: [Kind; 31] = [
    main("/"),
    main("/zoeken?q=koffie"),
    main("/zoeken?q=xqzwvbn"),
    main("/zoeken?q=hoe+vraag+ik+huishoudelijke+hulp+aan"),
    more("/zoeken?q=koffie+schalkhaar&sorteer=afstand&vanaf=atlantis"),
    main("/zoeken?q=bewegen&wijk=borgele&gratis=ja"),
    more("/zoeken"),
    more("/organisaties"),
    main(ORGANISATION),
    main("/activiteiten/koersbal-braakhekke"),
    more("/plekken"),
    main("/plekken/cultuurhuus-braakhekke"),
    more("/themas"),
    main("/themas/geld"),
    more("/themas/schulden"),
    more("/dossiers"),
    main(DOSSIER),
    more("/vragen"),
    more("/vragen/huishoudelijke-hulp-aanvragen"),
    main("/wijken"),
    main(ZONE),
    more("/agenda"),
    main("/wijken/bathmen/agenda"),
    more("/agenda?thema=vervoer&soort=creative&gratis=ja&deel=avond"),
    main("/wijken/voorstad/agenda/maand"),
    more("/wijken/voorstad/agenda/week?groot=ja"),
    main("/hulp"),
    more("/over"),
    more("/privacy"),
    more("/toegankelijkheid"),
    main(MISSING),
];
