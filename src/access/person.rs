use super::{Actor, Right, Role};
use crate::base::Slug;
use crate::base::id::AccountId;

/// Who is signed in, with what they may.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    /// `None`: nobody gave them rights yet.
    pub role: Option<Role>,
    /// Of an agenda editor.
    pub zones: Vec<Slug>,
    /// Of a reviewer, sub-themes included.
    pub themes: Vec<Slug>,
    /// Of a provider.
    pub organisations: Vec<Slug>,
    pub has_second_factor: bool,
    /// Single keys are commands for them.
    pub shortcuts: bool,
}

/// What a record touches, as far as rights go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach<'a> {
    Organisation {
        slug: Option<&'a Slug>,
        themes: &'a [Slug],
    },
    Activity {
        organisation: &'a Slug,
        /// Where it is held.
        zone: Option<&'a Slug>,
        themes: &'a [Slug],
    },
    /// Places, dossiers, questions and everything else that belongs to all.
    Shared { themes: &'a [Slug] },
}

/// What someone has to say about a record, from little to much.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Say {
    /// For them it does not exist.
    Nothing,
    Read,
    /// Proposes changes; someone else approves.
    Propose,
    /// Approves what others propose, and changes nothing themselves.
    Approve,
    /// Changes it, and it is public at once.
    Publish,
}

impl Person {
    #[must_use]
    pub fn holds(&self, right: Right) -> bool {
        self.role.is_some_and(|role| role.holds(right))
    }

    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Account(self.id)
    }

    /// What this person has to say about a record.
    #[must_use]
    pub fn say(&self, reach: Reach<'_>) -> Say {
        let Some(role) = self.role else {
            return Say::Nothing;
        };
        match (role, reach) {
            (Role::Administrator | Role::Editor, _) => Say::Publish,
            (Role::AgendaEditor, Reach::Activity { zone, .. }) if any(&self.zones, zone) => {
                Say::Publish
            }
            (Role::Reviewer, reach) if any(&self.themes, reach.themes()) => Say::Approve,
            (Role::Provider, reach) => match reach.organisation() {
                Some(slug) if self.organisations.contains(slug) => Say::Propose,
                _ => Say::Nothing,
            },
            (Role::AgendaEditor | Role::Reviewer | Role::Reader, _) => Say::Read,
        }
    }
}

impl<'a> Reach<'a> {
    fn themes(self) -> &'a [Slug] {
        match self {
            Self::Organisation { themes, .. }
            | Self::Activity { themes, .. }
            | Self::Shared { themes } => themes,
        }
    }

    fn organisation(self) -> Option<&'a Slug> {
        match self {
            Self::Organisation { slug, .. } => slug,
            Self::Activity { organisation, .. } => Some(organisation),
            Self::Shared { .. } => None,
        }
    }
}

fn any<'a>(own: &[Slug], of: impl IntoIterator<Item = &'a Slug>) -> bool {
    of.into_iter().any(|slug| own.contains(slug))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Say::{Approve, Nothing, Propose, Publish, Read};

    fn person(role: Option<Role>) -> Person {
        let slugs = |text: &str| vec![Slug::parse(text).unwrap()];
        Person {
            id: AccountId::new(),
            name: "Iemand".to_owned(),
            email: "iemand@wijzer.test".to_owned(),
            role,
            zones: slugs("colmschate"),
            themes: slugs("geld"),
            organisations: slugs("voedselbank"),
            has_second_factor: false,
            shortcuts: true,
        }
    }

    #[test]
    fn rights_are_as_the_table_says() {
        let slug = |text: &str| Slug::parse(text).unwrap();
        let (own_org, other_org) = (slug("voedselbank"), slug("zonnebloem"));
        let (own_zone, other_zone) = (slug("colmschate"), slug("bathmen"));
        let (own_themes, other_themes) = ([slug("wonen"), slug("geld")], [slug("wonen")]);
        let organisation = |slug, themes| Reach::Organisation { slug, themes };
        let activity = |organisation, zone, themes| Reach::Activity {
            organisation,
            zone,
            themes,
        };
        let reaches = [
            organisation(Some(&own_org), &own_themes[..]),
            organisation(Some(&other_org), &other_themes[..]),
            organisation(None, &other_themes[..]),
            activity(&own_org, Some(&other_zone), &own_themes[..]),
            activity(&other_org, Some(&own_zone), &other_themes[..]),
            activity(&other_org, None, &other_themes[..]),
            Reach::Shared {
                themes: &own_themes,
            },
            Reach::Shared { themes: &[] },
        ];
        for (role, expected) in [
            (None, [Nothing; 8]),
            (Some(Role::Administrator), [Publish; 8]),
            (Some(Role::Editor), [Publish; 8]),
            (
                Some(Role::AgendaEditor),
                [Read, Read, Read, Read, Publish, Read, Read, Read],
            ),
            (
                Some(Role::Reviewer),
                [Approve, Read, Read, Approve, Read, Read, Approve, Read],
            ),
            (
                Some(Role::Provider),
                [
                    Propose, Nothing, Nothing, Propose, Nothing, Nothing, Nothing, Nothing,
                ],
            ),
            (Some(Role::Reader), [Read; 8]),
        ] {
            let someone = person(role);
            let said = reaches.map(|reach| someone.say(reach));
            assert_eq!(said, expected, "{role:?}");
        }
    }

    #[test]
    fn only_an_administrator_manages_accounts() {
        for role in Role::ALL {
            let may = person(Some(*role)).holds(Right::ManageAccounts);
            assert_eq!(may, *role == Role::Administrator, "{role:?}");
        }
        assert!(!person(None).holds(Right::Browse));
    }
}
