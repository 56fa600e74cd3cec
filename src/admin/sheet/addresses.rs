//! Where a place is: an address, or more with the days on which they hold.

use chrono::NaiveDate;

use super::{Fields, common};
use crate::admin::fields::Errors;
use crate::base::dutch;
use crate::base::geo::GeoPoint;
use crate::base::postcode::Postcode;
use crate::base::written;
use crate::catalogue::places::{Address, DatedAddress};

/// Addresses that one place can have in the form.
const MOST: usize = 8;
/// How many of them a form holds.
const COUNT: &str = "adressen";
/// The place is a shelter: its address is for who may change it alone.
pub const HIDDEN: &str = "verborgen";

fn name(number: usize, field: &str) -> String {
    format!("adres-{number}-{field}")
}

#[must_use]
pub fn count(fields: &Fields) -> usize {
    fields.text(COUNT).parse().unwrap_or(1).clamp(1, MOST)
}

/// One more address in the form.
pub fn more(fields: &mut Fields) {
    let count = count(fields);
    if count < MOST {
        fields.say(COUNT, count + 1);
    }
}

pub fn write(fields: &mut Fields, addresses: &[DatedAddress]) {
    fields.say(COUNT, addresses.len().max(1));
    for (number, dated) in addresses.iter().enumerate() {
        let address = &dated.address;
        fields.set(name(number, "straat"), &address.street);
        fields.set(name(number, "nummer"), &address.house_number);
        let postcode = address.postcode.as_ref().map(ToString::to_string);
        fields.set(name(number, "postcode"), postcode.unwrap_or_default());
        fields.set(name(number, "stad"), &address.city);
        if let Some(point) = address.point {
            fields.say(name(number, "breedte"), point.latitude);
            fields.say(name(number, "lengte"), point.longitude);
        }
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        fields.set(name(number, "vanaf"), day(dated.from));
        fields.set(name(number, "totenmet"), day(dated.until));
    }
}

/// The addresses of a form. What is wrong stands at its field; `None` then.
pub fn read(fields: &Fields, errors: &mut Errors) -> Option<Vec<DatedAddress>> {
    let mut addresses = Vec::new();
    let mut sound = true;
    for number in 0..count(fields) {
        let empty = ["straat", "nummer", "postcode", "stad"]
            .iter()
            .all(|field| fields.trimmed(&name(number, field)).is_empty());
        if empty {
            continue;
        }
        match read_one(fields, number, errors) {
            Some(address) => addresses.push(address),
            None => sound = false,
        }
    }
    sound.then_some(addresses)
}

fn read_one(fields: &Fields, number: usize, errors: &mut Errors) -> Option<DatedAddress> {
    let at = |field: &str| name(number, field);
    let street = common::text(fields, errors, &at("straat"), 100);
    let house_number = common::text(fields, errors, &at("nummer"), 20);
    let postcode = common::optional(
        fields,
        errors,
        &at("postcode"),
        "Vul een postcode in, zoals 7411 KS.",
        Postcode::parse,
    );
    let city = common::required(
        fields,
        errors,
        (&at("stad"), "een plaats, zoals Deventer"),
        100,
    );
    let number_of = |text: &str| text.replace(',', ".").parse::<f64>();
    let latitude = common::optional(
        fields,
        errors,
        &at("breedte"),
        "Vul een getal in, zoals 52.2551.",
        number_of,
    );
    let longitude = common::optional(
        fields,
        errors,
        &at("lengte"),
        "Vul een getal in, zoals 6.1639.",
        number_of,
    );
    let day = |field: &str, errors: &mut Errors| {
        common::optional(fields, errors, &at(field), written::NO_DAY, written::day)
    };
    let (from, until) = (day("vanaf", errors), day("totenmet", errors));
    let point = match (latitude?, longitude?) {
        (None, None) => None,
        (Some(latitude), Some(longitude)) => {
            let point = GeoPoint::new(latitude, longitude).ok_or(());
            Some(errors.take(&at("breedte"), "Dit punt bestaat niet.", point)?)
        }
        _ => {
            errors.add(at("lengte"), "Vul beide getallen in, of geen van beide.");
            return None;
        }
    };
    let (from, until) = (from?, until?);
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        errors.add(at("totenmet"), "De laatste dag ligt voor de eerste dag.");
        return None;
    }
    Some(DatedAddress {
        from,
        until,
        address: Address {
            street: street?,
            house_number: house_number?,
            postcode: postcode?,
            city: city?,
            point,
        },
    })
}

/// All addresses in words, one on each line; that of a shelter is not told.
#[must_use]
pub fn told(fields: &Fields) -> String {
    if fields.is_on(HIDDEN) {
        return "verborgen".to_owned();
    }
    let day = |text: &str| text.parse().map(dutch::date).unwrap_or_default();
    let lines = (0..count(fields)).filter_map(|number| {
        let text = |field: &str| fields.trimmed(&name(number, field));
        let street = format!("{} {}", text("straat"), text("nummer"));
        let town = format!("{} {}", text("postcode"), text("stad"));
        let line = [street.trim(), town.trim()]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let (from, until) = (day(&text("vanaf")), day(&text("totenmet")));
        let period = match (from.is_empty(), until.is_empty()) {
            (true, true) => String::new(),
            (false, true) => format!(" (vanaf {from})"),
            (true, false) => format!(" (tot en met {until})"),
            (false, false) => format!(" ({from} tot en met {until})"),
        };
        (!line.is_empty()).then(|| format!("{line}{period}"))
    });
    lines.collect::<Vec<_>>().join("\n")
}
