use chrono::NaiveDate;
use sqlx::PgConnection;

use super::{cell, source_cells, state_cells};
use crate::access::Actor;
use crate::base::Slug;
use crate::base::contact::{Email, Phone, WebAddress};
use crate::base::postcode::Postcode;
use crate::catalogue::editing;
use crate::catalogue::hours::Hours;
use crate::catalogue::places::{Address, DatedAddress, Draft, Wheelchair, commands, store};
use crate::catalogue::{Act, CommandError, zones};
use crate::interchange::fault::{Fault, not_there};
use crate::interchange::row::Row;
use crate::interchange::table::{Entry, Kept, Located, Notes, Sent};

impl Entry for Draft {
    const FILE: &'static str = "places.csv";
    const COLUMNS: &'static [&'static str] = &[
        "slug",
        "name",
        "kind",
        "street",
        "house_number",
        "postcode",
        "city",
        "zone",
        "lat",
        "lon",
        "meeting_place",
        "wheelchair",
        "opening_hours",
        "phone",
        "email",
        "website",
        "summary",
        "source_url",
        "source_year",
    ];
    const EXTRA: &'static [&'static str] = &[
        "main_meeting_place",
        "staffed",
        "historic",
        "accessibility",
        "address_hidden",
        "address_from",
        "address_until",
        "state",
        "checked_at",
        "detail",
    ];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let slug = row.value("slug");
        let name = row.name("name");
        let summary = row.summary();
        let detail = row.text("detail");
        let kind = row.value("kind");
        let address = dated_address(row, "address_from", "address_until");
        let zone = row.reference("zone", zones::Draft::FILE);
        let meeting_place = row.flag("meeting_place", false);
        let main_meeting_place = row.flag("main_meeting_place", false);
        let staffed = row.truth("staffed");
        let historic = row.flag("historic", false);
        let address_hidden = row.flag("address_hidden", false);
        let wheelchair = row.value_or("wheelchair", Wheelchair::Unknown);
        let opening_hours = row.hours("opening_hours", Hours::parse);
        let phone = row.optional("phone", Phone::parse);
        let email = row.optional("email", Email::parse);
        let website = row.optional("website", WebAddress::parse);
        let upkeep = row.upkeep();
        Some(Self {
            slug: slug?,
            name: name?,
            kind: kind?,
            summary,
            detail,
            zone: zone?,
            addresses: address?.into_iter().collect(),
            meeting_place: meeting_place?,
            main_meeting_place: main_meeting_place?,
            staffed: staffed?,
            historic: historic?,
            wheelchair: wheelchair?,
            accessibility: row.text("accessibility"),
            opening_hours: opening_hours?,
            phone: phone?,
            email: email?,
            website: website?,
            address_hidden: address_hidden?,
            upkeep: upkeep?,
        })
    }

    fn write(&self) -> Vec<String> {
        let shown = (!self.address_hidden)
            .then(|| self.addresses.first())
            .flatten();
        let address = shown.map(|dated| dated.address.clone()).unwrap_or_default();
        let mut cells = vec![self.key(), self.name.clone(), self.kind.as_str().to_owned()];
        let [street, house_number, postcode, city, lat, lon] = address_cells(&address);
        cells.extend([street, house_number, postcode, city]);
        cells.extend([cell(self.zone.as_ref()), lat, lon]);
        cells.extend([
            self.meeting_place.to_string(),
            self.wheelchair.as_str().to_owned(),
            self.opening_hours.clone(),
            cell(self.phone.as_ref()),
            cell(self.email.as_ref()),
            cell(self.website.as_ref()),
            self.summary.clone(),
        ]);
        cells.extend(source_cells(&self.upkeep));
        cells.extend([
            self.main_meeting_place.to_string(),
            cell(self.staffed.as_ref()),
            self.historic.to_string(),
            self.accessibility.clone(),
            self.address_hidden.to_string(),
            cell(shown.and_then(|dated| dated.from.as_ref())),
            cell(shown.and_then(|dated| dated.until.as_ref())),
        ]);
        cells.extend(state_cells(&self.upkeep));
        cells.push(self.detail.clone());
        cells
    }

    fn key(&self) -> String {
        self.slug.to_string()
    }
}

impl Kept for Draft {
    async fn present(conn: &mut PgConnection) -> Result<Vec<Self>, sqlx::Error> {
        store::drafts(conn).await
    }

    fn carry(&mut self, present: &Self, sent: &Sent) {
        if sent.has::<AddressRow>() || self.keeps_hidden_address() {
            return;
        }
        self.addresses
            .extend(present.addresses.iter().skip(1).cloned());
        in_order(&mut self.addresses);
    }

    /// A hidden address is not in the tables: a row without one leaves it as it is.
    fn is_same(&self, present: &Self) -> bool {
        if !self.keeps_hidden_address() {
            return self == present;
        }
        let present = Self {
            addresses: Vec::new(),
            ..present.clone()
        };
        *self == present
    }

    async fn keep(
        &self,
        conn: &mut PgConnection,
        actor: &Actor,
        act: Act,
    ) -> Result<(), CommandError> {
        commands::keep(conn, actor, act, self).await
    }

    async fn take_away(&self, conn: &mut PgConnection, actor: &Actor) -> Result<(), CommandError> {
        editing::take_away(conn, actor, self, super::UNDONE).await
    }
}

fn in_order(addresses: &mut [DatedAddress]) {
    addresses.sort_by_key(|dated| dated.from.unwrap_or(NaiveDate::MIN));
}

/// `Some(None)`: no address in this row.
#[expect(
    clippy::option_option,
    reason = "wrong, absent and there are three things"
)]
fn dated_address(
    row: &mut Row<'_>,
    from: &str,
    until_column: &str,
) -> Option<Option<DatedAddress>> {
    let street = row.text("street");
    let house_number = row.text("house_number");
    let postcode = row.optional("postcode", Postcode::parse);
    let city = row.text("city");
    let point = row.point("lat", "lon");
    let from = row.date(from);
    let until = row.date(until_column);
    let (postcode, point, from, until) = (postcode?, point?, from?, until?);
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        row.fault(until_column, "het adres eindigt voor het begint");
        return None;
    }
    if city.is_empty() {
        if !street.is_empty() || postcode.is_some() || point.is_some() {
            row.fault("city", "bij een adres hoort een plaats");
            return None;
        }
        return Some(None);
    }
    let address = Address {
        street,
        house_number,
        postcode,
        city,
        point,
    };
    Some(Some(DatedAddress {
        from,
        until,
        address,
    }))
}

fn address_cells(address: &Address) -> [String; 6] {
    [
        address.street.clone(),
        address.house_number.clone(),
        cell(address.postcode.as_ref()),
        address.city.clone(),
        cell(address.point.map(|p| p.latitude).as_ref()),
        cell(address.point.map(|p| p.longitude).as_ref()),
    ]
}

/// A further address of a place that moves: before or after the one in `places.csv`.
#[derive(Clone, PartialEq, Debug)]
pub struct AddressRow {
    place: Slug,
    address: DatedAddress,
}

impl Entry for AddressRow {
    const FILE: &'static str = "place_addresses.csv";
    const COLUMNS: &'static [&'static str] = &[
        "place",
        "from",
        "until",
        "street",
        "house_number",
        "postcode",
        "city",
        "lat",
        "lon",
    ];
    const EXTRA: &'static [&'static str] = &[];

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let place = row.value::<Slug>("place");
        let address = dated_address(row, "from", "until");
        let (place, address) = (place?, address?);
        row.refer("place", Draft::FILE, place.as_str());
        if address.is_none() {
            row.fault("city", "mag niet leeg zijn");
        }
        Some(Self {
            place,
            address: address?,
        })
    }

    fn write(&self) -> Vec<String> {
        let mut cells = vec![
            self.place.to_string(),
            cell(self.address.from.as_ref()),
            cell(self.address.until.as_ref()),
        ];
        cells.extend(address_cells(&self.address.address));
        cells
    }

    fn key(&self) -> String {
        format!("{} {}", self.place, cell(self.address.from.as_ref()))
    }
}

impl AddressRow {
    /// Gives the further addresses to their places, in order of date.
    pub fn join(places: &mut [Located<Draft>], rows: Vec<Located<Self>>, notes: &mut Notes) {
        for row in rows {
            match places
                .iter_mut()
                .find(|place| place.entry.slug == row.entry.place)
            {
                Some(place) => place.entry.addresses.push(row.entry.address),
                None => notes.faults.push(Fault {
                    file: Self::FILE,
                    line: row.line,
                    column: "place".to_owned(),
                    message: not_there(row.entry.place.as_str(), Draft::FILE),
                }),
            }
        }
        for place in places {
            in_order(&mut place.entry.addresses);
        }
    }

    /// The addresses that do not fit in `places.csv`.
    #[must_use]
    pub fn split(places: &[Draft]) -> Vec<Self> {
        places
            .iter()
            .filter(|place| !place.address_hidden)
            .flat_map(|place| {
                place.addresses.iter().skip(1).map(|address| Self {
                    place: place.slug.clone(),
                    address: address.clone(),
                })
            })
            .collect()
    }
}
