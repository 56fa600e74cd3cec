-- Context: theme dossiers with the four steps, most asked questions, help lines, search words.

create table dossiers (
    id uuid primary key,
    slug text not null
        constraint dossiers_slug_taken unique
        constraint dossiers_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    title text not null constraint dossiers_title_given check (btrim(title) <> ''),
    theme_id uuid not null constraint dossiers_theme_known references themes (id),
    intro text not null default '',
    self text not null default '',
    network text not null default '',
    open text not null default '',
    access text not null default '',
    urgent text not null default '',
    keywords text[] not null default '{}',
    position integer not null default 0,
    state text not null default 'published'
        constraint dossiers_state_known check (state in ('draft', 'in_review', 'published', 'withdrawn')),
    checked_at date,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index dossiers_by_theme on dossiers (theme_id);

create table dossier_organisations (
    dossier_id uuid not null references dossiers (id) on delete cascade,
    organisation_id uuid not null references organisations (id),
    position smallint not null,
    primary key (dossier_id, organisation_id)
);
create index dossier_organisations_by_organisation on dossier_organisations (organisation_id);

create table dossier_audiences (
    dossier_id uuid not null references dossiers (id) on delete cascade,
    audience_id uuid not null references audiences (id),
    position smallint not null,
    primary key (dossier_id, audience_id)
);

create table faqs (
    id uuid primary key,
    slug text not null
        constraint faqs_slug_taken unique
        constraint faqs_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    question text not null constraint faqs_question_given check (btrim(question) <> ''),
    answer text not null default '',
    theme_id uuid not null constraint faqs_theme_known references themes (id),
    dossier_id uuid constraint faqs_dossier_known references dossiers (id),
    keywords text[] not null default '{}',
    -- Most asked first.
    position integer not null default 0,
    state text not null default 'published'
        constraint faqs_state_known check (state in ('draft', 'in_review', 'published', 'withdrawn')),
    checked_at date,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index faqs_by_theme on faqs (theme_id);
create index faqs_by_dossier on faqs (dossier_id);

create table faq_audiences (
    faq_id uuid not null references faqs (id) on delete cascade,
    audience_id uuid not null references audiences (id),
    position smallint not null,
    primary key (faq_id, audience_id)
);

-- Numbers to call when it cannot wait; shown on the help page and above pages about danger.
create table help_lines (
    slug text primary key
        constraint help_lines_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
    name text not null constraint help_lines_name_given check (btrim(name) <> ''),
    phone text not null constraint help_lines_phone_form check (phone ~ '^\+?[0-9 ()-]{3,25}$'),
    summary text not null default '',
    -- Stands on every page of a delicate theme.
    delicate boolean not null default false,
    position integer not null default 0
);

create table synonyms (
    kind text not null constraint synonyms_kind_known check (kind in (
        'lay_to_professional', 'equivalent', 'abbreviation', 'misspelling')),
    -- The first word names the group within its kind.
    headword text not null,
    terms text[] not null,
    note text not null default '',
    primary key (kind, headword),
    constraint synonyms_two_terms check (cardinality(terms) >= 2),
    constraint synonyms_headword_first check (headword = terms[1])
);
