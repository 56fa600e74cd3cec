-- Calendars of organisations (iCalendar) that are followed: whose they are, what their items
-- become, what they last gave, and a log of every run.

create table calendar_sources (
    id uuid primary key,
    slug text not null
        constraint calendar_sources_slug_taken unique
        constraint calendar_sources_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null constraint calendar_sources_name_given check (btrim(name) <> ''),
    organisation_id uuid not null constraint calendar_sources_organisation_known references organisations (id),
    -- Empty: files are handed in. May hold a key of the owner: never shown, never logged.
    url text constraint calendar_sources_url_form check (url ~ '^https?://[^\s]+$'),
    -- What an item does not say of itself.
    kind text not null constraint calendar_sources_kind_known check (kind in (
        'meeting', 'consultation', 'sport', 'support', 'meal', 'information_meeting', 'creative',
        'course', 'volunteering', 'online', 'transport')),
    step text not null constraint calendar_sources_step_known references steps (slug),
    place_id uuid constraint calendar_sources_place_known references places (id),
    -- In which state new items are registered.
    new_state text not null default 'draft'
        constraint calendar_sources_new_state_known check (new_state in ('draft', 'in_review', 'published')),
    every_minutes integer not null default 360
        constraint calendar_sources_every_range check (every_minutes between 15 and 44640),
    enabled boolean not null default true,
    -- What the server last said, to ask whether anything changed (RFC 9110, 8.8).
    etag text not null default '',
    last_modified text not null default '',
    next_run_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index calendar_sources_by_organisation on calendar_sources (organisation_id);
create index calendar_sources_by_place on calendar_sources (place_id) where place_id is not null;
create index calendar_sources_due on calendar_sources (next_run_at) where enabled and url is not null;

create table calendar_source_themes (
    source_id uuid not null references calendar_sources (id) on delete cascade,
    theme_id uuid not null references themes (id),
    position smallint not null,
    primary key (source_id, theme_id)
);
create index calendar_source_themes_by_theme on calendar_source_themes (theme_id);

create table calendar_source_audiences (
    source_id uuid not null references calendar_sources (id) on delete cascade,
    audience_id uuid not null references audiences (id),
    position smallint not null,
    primary key (source_id, audience_id)
);
create index calendar_source_audiences_by_audience on calendar_source_audiences (audience_id);

create table calendar_source_items (
    source_id uuid not null references calendar_sources (id) on delete cascade,
    -- As the source knows it (RFC 5545, 3.8.4.7).
    uid text not null constraint calendar_source_items_uid_given check (uid <> ''),
    activity_id uuid not null references activities (id) on delete cascade,
    -- The whole record as the source last gave it: what differs from it was edited here.
    given jsonb not null,
    -- Gone from the source: the version that withdrew it, and the state that it had. An item that
    -- comes back while nobody changed it is what it was.
    gone_version integer,
    gone_state text constraint calendar_source_items_gone_state_known check (gone_state in (
        'draft', 'in_review', 'published', 'withdrawn')),
    primary key (source_id, uid),
    constraint calendar_source_items_activity_taken unique (activity_id)
);

create table calendar_source_runs (
    id bigint generated always as identity primary key,
    source_id uuid not null references calendar_sources (id) on delete cascade,
    at timestamptz not null default now(),
    -- 'refused': nothing was changed, and the remarks say why.
    outcome text not null constraint calendar_source_runs_outcome_known check (outcome in (
        'done', 'unchanged', 'refused')),
    registered integer not null,
    revised integer not null,
    unchanged integer not null,
    withdrawn integer not null,
    -- Items of which something stays as it was edited here.
    kept integer not null,
    refused integer not null,
    remarks jsonb not null
);
create index calendar_source_runs_by_source on calendar_source_runs (source_id, id);
