-- Lists that editors keep: texts of the site, what belongs on the map, words that raise the alarm,
-- and the boundaries of zones.

-- What stands in place of a text that the program brings; which texts there are, it knows itself.
create table site_texts (
    name text not null constraint site_texts_taken primary key,
    text text not null constraint site_texts_text_given check (btrim(text) <> '')
);

-- What belongs on the map and what does not, where the rules leave room: who decided and why.
create table scope_decisions (
    slug text not null
        constraint scope_decisions_slug_taken primary key
        constraint scope_decisions_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    title text not null constraint scope_decisions_title_given check (btrim(title) <> ''),
    theme_id uuid constraint scope_decisions_theme_known references themes (id),
    outcome text not null constraint scope_decisions_outcome_known check (outcome in ('listed', 'not_listed', 'own_class')),
    reason text not null constraint scope_decisions_reason_given check (btrim(reason) <> ''),
    decided_on date not null,
    -- A role or a meeting, never a person.
    decided_by text not null constraint scope_decisions_decided_by_given check (btrim(decided_by) <> ''),
    review_on date,
    constraint scope_decisions_review_order check (review_on > decided_on)
);

-- Words of editors that raise the alarm, and rules of the program that they silenced. A rule that
-- another version of the program words otherwise is heard again.
create table alarms (
    rule text not null constraint alarms_rule_taken primary key
        constraint alarms_rule_given check (btrim(rule) <> ''),
    -- What the words are about; null for a rule of the program that is silenced.
    concept text,
    note text not null default ''
);

-- The outline of a zone as the coordinates of a GeoJSON MultiPolygon (RFC 7946): longitude and
-- latitude in degrees, WGS 84.
alter table zones add column boundary jsonb;
