-- Who offers and what: organisations, their activities and the rules of their dates.

create table organisations (
    id uuid primary key,
    slug text not null
        constraint organisations_slug_taken unique
        constraint organisations_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null constraint organisations_name_given check (btrim(name) <> ''),
    kind text not null constraint organisations_kind_known check (kind in (
        'professional', 'national', 'voluntary', 'residents', 'faith', 'municipal')),
    summary text not null default '',
    phone text constraint organisations_phone_form check (phone ~ '^\+?[0-9 ()-]{3,25}$'),
    email text constraint organisations_email_form check (email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$'),
    website text constraint organisations_website_form check (website ~ '^https?://[^\s]+$'),
    place_id uuid constraint organisations_place_known references places (id),
    -- True: works in the whole municipality, and organisation_zones is empty.
    serves_all_zones boolean not null default true,
    step text not null constraint organisations_step_known references steps (slug),
    contracted text[] not null default '{}'
        constraint organisations_contracted_known check (contracted <@ array['wmo', 'jeugd']),
    state text not null default 'published'
        constraint organisations_state_known check (state in ('draft', 'in_review', 'published', 'withdrawn')),
    source_url text not null default '',
    source_year smallint constraint organisations_source_year_range check (source_year between 1900 and 2100),
    checked_at date,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index organisations_by_place on organisations (place_id);

create table organisation_zones (
    organisation_id uuid not null references organisations (id) on delete cascade,
    zone_id uuid not null references zones (id),
    primary key (organisation_id, zone_id)
);
create index organisation_zones_by_zone on organisation_zones (zone_id);

create table organisation_themes (
    organisation_id uuid not null references organisations (id) on delete cascade,
    theme_id uuid not null references themes (id),
    position smallint not null,
    primary key (organisation_id, theme_id)
);
create index organisation_themes_by_theme on organisation_themes (theme_id);

create table organisation_audiences (
    organisation_id uuid not null references organisations (id) on delete cascade,
    audience_id uuid not null references audiences (id),
    position smallint not null,
    primary key (organisation_id, audience_id)
);
create index organisation_audiences_by_audience on organisation_audiences (audience_id);

create table activities (
    id uuid primary key,
    slug text not null
        constraint activities_slug_taken unique
        constraint activities_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    title text not null constraint activities_title_given check (btrim(title) <> ''),
    kind text not null constraint activities_kind_known check (kind in (
        'meeting', 'consultation', 'sport', 'support', 'meal', 'information_meeting', 'creative',
        'course', 'volunteering', 'online', 'transport')),
    summary text not null default '',
    organisation_id uuid not null constraint activities_organisation_known references organisations (id),
    place_id uuid constraint activities_place_known references places (id),
    step text not null constraint activities_step_known references steps (slug),
    -- Empty: not known. Zero can go with words ("vrije gift").
    cost_cents integer constraint activities_cost_range check (cost_cents between 0 and 10000000),
    cost_text text not null default '',
    signup text not null default 'none'
        constraint activities_signup_known check (signup in ('none', 'phone', 'email', 'website', 'referral')),
    signup_text text not null default '',
    -- ISO 639-1 codes; empty: Dutch only.
    languages text[] not null default '{}'
        constraint activities_languages_form check (array_to_string(languages, ' ') ~ '^([a-z]{2,3}( [a-z]{2,3})*)?$'),
    status text not null default 'confirmed'
        constraint activities_status_known check (status in ('confirmed', 'cancelled', 'moved', 'postponed')),
    status_note text not null default '',
    -- 'example': made up for the demonstration, never to be shown as real.
    provenance text not null default 'source'
        constraint activities_provenance_known check (provenance in ('source', 'example')),
    state text not null default 'published'
        constraint activities_state_known check (state in ('draft', 'in_review', 'published', 'withdrawn')),
    source_url text not null default '',
    source_year smallint constraint activities_source_year_range check (source_year between 1900 and 2100),
    checked_at date,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index activities_by_organisation on activities (organisation_id);
create index activities_by_place on activities (place_id);
create index activities_examples on activities (provenance) where provenance = 'example';

create table activity_themes (
    activity_id uuid not null references activities (id) on delete cascade,
    theme_id uuid not null references themes (id),
    position smallint not null,
    primary key (activity_id, theme_id)
);
create index activity_themes_by_theme on activity_themes (theme_id);

create table activity_audiences (
    activity_id uuid not null references activities (id) on delete cascade,
    audience_id uuid not null references audiences (id),
    position smallint not null,
    primary key (activity_id, audience_id)
);
create index activity_audiences_by_audience on activity_audiences (audience_id);

-- When: the rule is the truth, dates are derived from it. The time is what the clock on the
-- wall shows in time_zone, so a weekly 19:30 stays 19:30 when summer time begins.
create table schedules (
    activity_id uuid not null references activities (id) on delete cascade,
    position smallint not null default 0,
    starts_at timestamp not null,
    time_zone text not null default 'Europe/Amsterdam',
    duration_minutes integer constraint schedules_duration_range check (duration_minutes between 1 and 44640),
    -- RFC 5545 recurrence rule without UNTIL; empty: once.
    rrule text constraint schedules_rrule_form check (rrule ~ '^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]+=[^;]+)*$'),
    -- Local dates that are left out.
    exception_dates date[] not null default '{}',
    -- Last local date that may occur, inclusive.
    until date,
    primary key (activity_id, position),
    constraint schedules_until_after_start check (until >= starts_at::date),
    constraint schedules_rule_for_series check (rrule is not null or (until is null and exception_dates = '{}'))
);

create table closures (
    name text primary key constraint closures_name_given check (btrim(name) <> ''),
    starts_on date not null,
    ends_on date not null,
    certain boolean not null default true,
    constraint closures_order check (ends_on >= starts_on)
);
