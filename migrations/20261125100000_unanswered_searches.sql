-- Searches that found nothing, counted so that editors learn which words are missing. Words that
-- were asked once may say who asked: the words themselves are kept from the third time on, until
-- then only a digest, so that the same words can be counted.

create table unanswered_searches (
    digest bytea primary key,
    words text,
    times integer not null constraint unanswered_searches_times_range check (times > 0),
    first_on date not null,
    last_on date not null,
    constraint unanswered_searches_words_often check (words is null or times >= 3)
);
