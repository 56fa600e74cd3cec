-- Where things are: zones ("wijk of dorp") as managed records, places with dated addresses.

create extension if not exists btree_gist;

create table zones (
    id uuid primary key,
    slug text not null
        constraint zones_slug_taken unique
        constraint zones_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null constraint zones_name_given check (btrim(name) <> ''),
    kind text not null constraint zones_kind_known check (kind in ('wijk', 'dorp')),
    summary text not null default '',
    latitude double precision constraint zones_latitude_range check (latitude between -90 and 90),
    longitude double precision constraint zones_longitude_range check (longitude between -180 and 180),
    valid_from date,
    valid_until date,
    successor_id uuid constraint zones_successor_known references zones (id),
    state text not null default 'published'
        constraint zones_state_known check (state in ('draft', 'in_review', 'published', 'withdrawn')),
    source_url text not null default '',
    source_year smallint constraint zones_source_year_range check (source_year between 1900 and 2100),
    checked_at date,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint zones_point_whole check ((latitude is null) = (longitude is null)),
    constraint zones_validity_order check (valid_until >= valid_from),
    constraint zones_successor_other check (successor_id <> id)
);

create table zone_aliases (
    zone_id uuid not null references zones (id) on delete cascade,
    alias text not null constraint zone_aliases_given check (btrim(alias) <> ''),
    primary key (zone_id, alias)
);

-- A postcode can lie in more than one zone: four digits never decide alone.
create table zone_postcodes (
    zone_id uuid not null references zones (id) on delete cascade,
    postcode text not null
        constraint zone_postcodes_form check (postcode ~ '^[1-9][0-9]{3}([A-Z]{2})?$'),
    primary key (zone_id, postcode)
);
create index zone_postcodes_by_postcode on zone_postcodes (postcode);

create table zone_neighbours (
    zone_id uuid not null references zones (id) on delete cascade,
    neighbour_id uuid not null references zones (id) on delete cascade,
    primary key (zone_id, neighbour_id),
    constraint zone_neighbours_other check (zone_id <> neighbour_id)
);

create table places (
    id uuid primary key,
    slug text not null
        constraint places_slug_taken unique
        constraint places_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null constraint places_name_given check (btrim(name) <> ''),
    kind text not null constraint places_kind_known check (kind in (
        'wijkwinkel', 'servicepunt', 'library', 'community_centre', 'church', 'school', 'sports',
        'care_home', 'health_centre', 'office', 'other')),
    summary text not null default '',
    -- Empty: outside every zone. The nearest service may lie across the border.
    zone_id uuid constraint places_zone_known references zones (id),
    meeting_place boolean not null default false,
    main_meeting_place boolean not null default false,
    staffed boolean,
    -- The place is no more; its page stays for who still looks for it.
    historic boolean not null default false,
    wheelchair text not null default 'unknown'
        constraint places_wheelchair_known check (wheelchair in ('yes', 'limited', 'no', 'unknown')),
    accessibility text not null default '',
    -- OpenStreetMap opening_hours notation, as data.
    opening_hours text not null default '',
    phone text constraint places_phone_form check (phone ~ '^\+?[0-9 ()-]{3,25}$'),
    email text constraint places_email_form check (email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'),
    website text constraint places_website_form check (website ~ '^https?://[^\s]+$'),
    -- A shelter: the address is kept for staff and never shown, mapped or exported.
    address_hidden boolean not null default false,
    state text not null default 'published'
        constraint places_state_known check (state in ('draft', 'in_review', 'published', 'withdrawn')),
    source_url text not null default '',
    source_year smallint constraint places_source_year_range check (source_year between 1900 and 2100),
    checked_at date,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint places_main_is_meeting_place check (meeting_place or not main_meeting_place)
);
create index places_by_zone on places (zone_id);
create unique index places_one_main_meeting_place on places (zone_id) where main_meeting_place;

-- Addresses have dates: a place that moves keeps its page and tells where it is when.
create table place_addresses (
    place_id uuid not null references places (id) on delete cascade,
    valid daterange not null default daterange(null, null),
    street text not null default '',
    house_number text not null default '',
    postcode text constraint place_addresses_postcode_form check (postcode ~ '^[1-9][0-9]{3}([A-Z]{2})?$'),
    city text not null constraint place_addresses_city_given check (btrim(city) <> ''),
    latitude double precision constraint place_addresses_latitude_range check (latitude between -90 and 90),
    longitude double precision constraint place_addresses_longitude_range check (longitude between -180 and 180),
    constraint place_addresses_point_whole check ((latitude is null) = (longitude is null)),
    constraint place_addresses_period_given check (not isempty(valid)),
    constraint place_addresses_one_at_a_time exclude using gist (place_id with =, valid with &&)
);
