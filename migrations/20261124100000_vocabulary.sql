-- What records are described with: themes in two levels, audiences, the four steps.

create table steps (
    slug text primary key constraint steps_known check (slug in ('self', 'network', 'open', 'access')),
    label text not null constraint steps_label_given check (btrim(label) <> ''),
    meaning text not null default '',
    position smallint not null constraint steps_order_taken unique
);

create table audiences (
    id uuid primary key,
    slug text not null
        constraint audiences_slug_taken unique
        constraint audiences_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null constraint audiences_name_given check (btrim(name) <> ''),
    position integer not null default 0
);

create table themes (
    id uuid primary key,
    slug text not null
        constraint themes_slug_taken unique
        constraint themes_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null constraint themes_name_given check (btrim(name) <> ''),
    summary text not null default '',
    position integer not null default 0,
    -- Someone may look over a reader's shoulder: its pages carry the quick-exit button.
    delicate boolean not null default false,
    parent_id uuid,
    -- Two levels and no more: a parent must itself be of level 1.
    level smallint not null constraint themes_level_known check (level in (1, 2)),
    parent_level smallint generated always as (1) stored,
    constraint themes_levels_unique unique (id, level),
    constraint themes_parent_on_top check ((parent_id is null) = (level = 1)),
    constraint themes_parent_known foreign key (parent_id, parent_level) references themes (id, level)
);
create index themes_parent on themes (parent_id);
