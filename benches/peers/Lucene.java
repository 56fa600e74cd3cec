import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.compound.DictionaryCompoundWordTokenFilter;
import org.apache.lucene.analysis.core.FlattenGraphFilter;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.miscellaneous.*;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.*;
import org.apache.lucene.facet.*;
import org.apache.lucene.facet.sortedset.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.spell.*;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.CharsRef;
import org.apache.lucene.util.CharsRefBuilder;
import org.apache.lucene.util.QueryBuilder;
import org.tartarus.snowball.ext.KpStemmer;

/**
 * Lucene as a peer, for Solr, Elasticsearch and OpenSearch, which analyse and score alike:
 * java Lucene.java FOLDER RUN.tsv ROUNDS WORDS.dic
 *
 * FOLDER holds the tables of prepare.py, WORDS.dic is a hunspell list. Writes the first ten hits
 * per query, prints the latency of a whole page: 20 hits with highlights, the total and the
 * counts beside the filters.
 */
public class Lucene {
    static final String CONFIGURATION =
            "BM25, dismax over boosted fields, Kp stems, hunspell parts, synonym graph, spelling, min-should-match";
    static final Map<String, Float> FIELDS = new TreeMap<>(Map.of(
            "title", 1.5f, "keywords", 2f, "summary", 1f, "body", 1f, "labels", 1f, "title_parts", .6f, "parts", .4f));
    static final BM25Similarity SIMILARITY = new BM25Similarity(.5f, .75f);
    static final String[] GROUPS = {"themes", "zones", "audiences"};
    static final float TIE = .2f;
    /** More for words as typed than for their synonyms, and for the very words of a title. */
    static final float TYPED = 1, EXACT = .5f, STRICT = .3f, PREFIX = .3f, UNREPAIRED = .3f;
    /** With fewer hits that hold all words, those with some of them follow. */
    static final int ENOUGH = 20;
    static final float[] SHARES = {1, .4f, 0};
    static final Pattern SHORT = Pattern.compile("\\b(?:\\p{L}\\.){2,}(?:\\p{L}\\b)?");

    CharArraySet stopwords, parts;
    SynonymMap synonyms;

    // Analysis. Records: "wmo-loket" is wmo, loket and wmoloket. Queries: wmo and loket.

    static Analyzer chain(Supplier<Tokenizer> tokenizer, UnaryOperator<TokenStream> filters) {
        return new Analyzer() {
            @Override protected TokenStreamComponents createComponents(String field) {
                Tokenizer source = tokenizer.get();
                return new TokenStreamComponents(source, filters.apply(source));
            }
        };
    }

    static TokenStream delimited(TokenStream in) {
        int flags = WordDelimiterGraphFilter.GENERATE_WORD_PARTS | WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS
                | WordDelimiterGraphFilter.CATENATE_WORDS | WordDelimiterGraphFilter.STEM_ENGLISH_POSSESSIVE;
        return new LowerCaseFilter(new FlattenGraphFilter(new WordDelimiterGraphFilter(in, flags, null)));
    }

    static TokenStream stemmed(TokenStream in) {
        return new ASCIIFoldingFilter(new SnowballFilter(in, new KpStemmer()));
    }

    static final Supplier<Tokenizer> RECORD = WhitespaceTokenizer::new, QUERY = StandardTokenizer::new;
    final Analyzer recordStems = chain(RECORD, in -> stemmed(delimited(in)));
    final Analyzer recordWords = chain(RECORD, in -> new ASCIIFoldingFilter(delimited(in)));
    final Analyzer recordParts = chain(RECORD, in ->
            stemmed(new DictionaryCompoundWordTokenFilter(delimited(in), parts, 6, 4, 15, false)));
    final Analyzer lower = chain(QUERY, LowerCaseFilter::new);
    final Analyzer words = chain(QUERY, in -> new ASCIIFoldingFilter(new LowerCaseFilter(in)));
    final Analyzer stems = chain(QUERY, in -> stemmed(new LowerCaseFilter(in)));
    final Analyzer synonymous = chain(QUERY, in ->
            new SynonymGraphFilter(stemmed(new LowerCaseFilter(in)), synonyms, true));

    static List<String> tokens(Analyzer analyzer, String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (TokenStream stream = analyzer.tokenStream("", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) found.add(term.toString());
            stream.end();
        }
        return found;
    }

    /** The words that carry a subject; "w.m.o." is one word. */
    String content(String text) throws IOException {
        text = SHORT.matcher(text.toLowerCase()).replaceAll(found -> found.group().replace(".", ""));
        List<String> all = tokens(lower, text);
        List<String> kept = all.stream().filter(word -> !stopwords.contains(word)).collect(Collectors.toList());
        return String.join(" ", kept.isEmpty() ? all : kept);
    }

    // The index, and one more with the words of records and synonyms, to correct typing errors.

    final IndexSearcher searcher;
    final IndexReader spelling;
    final SortedSetDocValuesReaderState facets;
    final UnifiedHighlighter highlighter;

    static List<String[]> rows(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.split("\t", -1)).collect(Collectors.toList());
        }
    }

    Lucene(Path folder, Path dictionary) throws IOException {
        stopwords = new CharArraySet(Files.readAllLines(folder.resolve("stopwords.txt")), true);
        try (Stream<String> lines = Files.lines(dictionary)) {
            // The list writes "ij" as one letter.
            parts = new CharArraySet(lines.map(line -> line.split("/")[0].replace("ĳ", "ij"))
                    .filter(word -> word.matches("\\p{Ll}{4,12}")).collect(Collectors.toList()), true);
        }
        ByteBuffersDirectory records = new ByteBuffersDirectory(), vocabulary = new ByteBuffersDirectory();
        try (IndexWriter speller = new IndexWriter(vocabulary, new IndexWriterConfig(words))) {
            synonyms = readSynonyms(rows(folder.resolve("synonyms.tsv")), speller);
            index(rows(folder.resolve("documents.tsv")), records, speller);
            speller.forceMerge(1);
        }
        searcher = new IndexSearcher(DirectoryReader.open(records));
        searcher.setSimilarity(SIMILARITY);
        spelling = DirectoryReader.open(vocabulary);
        facets = new DefaultSortedSetDocValuesReaderState(searcher.getIndexReader());
        highlighter = new UnifiedHighlighter(searcher, recordStems);
    }

    void learn(String text, IndexWriter speller) throws IOException {
        Document document = new Document();
        document.add(new TextField("words", text, Field.Store.NO));
        document.add(new TextField("stems", String.join(" ", tokens(stems, text)), Field.Store.NO));
        speller.addDocument(document);
    }

    SynonymMap readSynonyms(List<String[]> pairs, IndexWriter speller) throws IOException {
        SynonymMap.Builder map = new SynonymMap.Builder(true);
        for (String[] pair : pairs) {
            CharsRef typed = phrase(pair[0]), other = phrase(pair[1]);
            if (typed.length > 0 && other.length > 0 && !typed.equals(other)) map.add(typed, other, true);
            learn(pair[1], speller);
        }
        return map.build();
    }

    CharsRef phrase(String text) throws IOException {
        String[] found = tokens(stems, content(text)).toArray(new String[0]);
        return SynonymMap.Builder.join(found, new CharsRefBuilder());
    }

    void index(List<String[]> rows, ByteBuffersDirectory directory, IndexWriter speller) throws IOException {
        Analyzer analyzer = new PerFieldAnalyzerWrapper(recordStems, Map.of("title_exact", recordWords,
                "words", recordWords, "title_parts", recordParts, "parts", recordParts));
        FacetsConfig config = new FacetsConfig();
        for (String group : GROUPS) config.setMultiValued(group, true);
        FieldType withOffsets = new FieldType(TextField.TYPE_STORED);
        withOffsets.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
        IndexWriterConfig settings = new IndexWriterConfig(analyzer).setSimilarity(SIMILARITY);
        try (IndexWriter writer = new IndexWriter(directory, settings)) {
            for (String[] row : rows) {
                String title = row[2], summary = row[3], body = row[4], keywords = row[5];
                String labels = String.join(" ", row[6], row[7], row[8]);
                String all = String.join(" ", title, summary, body, keywords, labels);
                Document document = new Document();
                document.add(new StoredField("key", row[0] + ":" + row[1]));
                document.add(new Field("summary", summary, withOffsets));
                Map.of("title", title, "title_exact", title, "body", body, "keywords", keywords, "labels", labels, "words", all,
                        "title_parts", title + " " + keywords, "parts", summary + " " + body)
                        .forEach((name, text) -> document.add(new TextField(name, text, Field.Store.NO)));
                document.add(new SortedSetDocValuesFacetField("kinds", row[0]));
                for (int at = 0; at < GROUPS.length; at++)
                    for (String label : row[6 + at].split(" "))
                        if (!label.isEmpty()) document.add(new SortedSetDocValuesFacetField(GROUPS[at], label));
                writer.addDocument(config.build(document));
                learn(all, speller);
            }
            writer.forceMerge(1);
        }
    }

    // Queries.

    static Query boosted(Query query, float boost) {
        return boost == 1 ? query : new BoostQuery(query, boost);
    }

    static Query best(List<Query> choices) {
        return choices.size() == 1 ? choices.get(0) : new DisjunctionMaxQuery(choices, TIE);
    }

    /** Makes each word the best of its fields, and each word with synonyms the best of them. */
    static class Builder extends QueryBuilder {
        Builder(Analyzer analyzer) {
            super(analyzer);
            setAutoGenerateMultiTermSynonymsPhraseQuery(false);
        }

        @Override protected Query newTermQuery(Term term, float boost) {
            List<Query> choices = new ArrayList<>();
            FIELDS.forEach((field, weight) ->
                    choices.add(boosted(new TermQuery(new Term(field, term.text())), weight)));
            return best(choices);
        }

        @Override protected Query newSynonymQuery(TermAndBoost[] terms) {
            return best(Arrays.stream(terms).map(it -> newTermQuery(it.term, it.boost)).collect(Collectors.toList()));
        }

        @Override protected Query newGraphSynonymQuery(Iterator<Query> queries) {
            List<Query> choices = new ArrayList<>();
            queries.forEachRemaining(choices::add);
            return best(choices);
        }
    }

    /** The records that hold this share of the words. */
    Query query(String text, float share) throws IOException {
        Builder broad = new Builder(synonymous), narrow = new Builder(stems);
        List<String> typed = tokens(words, text);
        List<Query> must = new ArrayList<>(List.of(broad.createMinShouldMatchQuery("", text, share)));
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        if (share < 1) {
            must.add(narrow.createMinShouldMatchQuery("", text, share));
            query.add(boosted(broad.createMinShouldMatchQuery("", text, 1), STRICT), Occur.SHOULD);
        }
        String last = typed.get(typed.size() - 1);
        if (last.length() >= 3) {
            PrefixQuery prefix = new PrefixQuery(new Term("words", last));
            prefix.setRewriteMethod(new MultiTermQuery.TopTermsBoostOnlyBooleanQueryRewrite(8));
            if (typed.size() == 1) must.add(boosted(prefix, PREFIX));
            else query.add(boosted(prefix, PREFIX), Occur.SHOULD);
        }
        query.add(best(must), Occur.MUST);
        query.add(boosted(narrow.createBooleanQuery("", text, Occur.SHOULD), TYPED), Occur.SHOULD);
        for (String word : typed)
            query.add(boosted(new TermQuery(new Term("title_exact", word)), EXACT), Occur.SHOULD);
        return query.build();
    }

    final DirectSpellChecker speller = new DirectSpellChecker();
    final WordBreakSpellChecker breaker = new WordBreakSpellChecker();
    {
        speller.setAccuracy(.6f);
        breaker.setMinBreakWordLength(4);
        breaker.setMaxChanges(2);
    }

    boolean known(String word) throws IOException {
        if (spelling.docFreq(new Term("words", word)) > 0) return true;
        for (String stem : tokens(stems, word))
            if (spelling.docFreq(new Term("stems", stem)) > 0) return true;
        return false;
    }

    /** Neighbours that are known as one word are joined, unknown words split or corrected. */
    String repaired(String text) throws IOException {
        List<String> typed = tokens(words, text);
        Term[] terms = typed.stream().map(word -> new Term("words", word)).toArray(Term[]::new);
        String[] meant = typed.toArray(new String[0]);
        boolean[] joined = new boolean[meant.length];
        if (terms.length > 1) {
            CombineSuggestion[] joins =
                    breaker.suggestWordCombinations(terms, 5, spelling, SuggestMode.SUGGEST_ALWAYS);
            Arrays.sort(joins, Comparator.comparing(join -> -join.originalTermIndexes.length));
            for (CombineSuggestion join : joins) {
                if (IntStream.of(join.originalTermIndexes).anyMatch(at -> joined[at])) continue;
                for (int at : join.originalTermIndexes) {
                    joined[at] = true;
                    meant[at] = "";
                }
                meant[join.originalTermIndexes[0]] = join.suggestion.string;
            }
        }
        for (int at = 0; at < meant.length; at++)
            if (!joined[at] && !known(meant[at])) meant[at] = corrected(terms[at]);
        return Arrays.stream(meant).filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }

    String corrected(Term term) throws IOException {
        SuggestMode mode = SuggestMode.SUGGEST_WHEN_NOT_IN_INDEX;
        SuggestWord[][] halves = breaker.suggestWordBreaks(term, 1, spelling, mode,
                WordBreakSpellChecker.BreakSuggestionSortMethod.NUM_CHANGES_THEN_MAX_FREQUENCY);
        if (halves.length > 0) return Arrays.stream(halves[0]).map(it -> it.string).collect(Collectors.joining(" "));
        SuggestWord[] near = speller.suggestSimilar(term, 1, spelling, mode);
        return near.length > 0 ? near[0].string : term.text();
    }

    Query plan(String text) throws IOException {
        String typed = content(text);
        if (typed.isEmpty()) return new MatchNoDocsQuery();
        String meant = repaired(typed);
        Query query = null;
        for (float share : SHARES) {
            query = query(meant, share);
            if (!meant.equals(typed))
                query = new DisjunctionMaxQuery(List.of(query, boosted(query(typed, share), UNREPAIRED)), 0);
            if (searcher.count(query) >= (share == 1 ? ENOUGH : 1)) break;
        }
        return query;
    }

    /** A page as a visitor sees it. */
    static class Page {
        long total;
        TopDocs hits;
        String[] snippets;
        final List<FacetResult> counts = new ArrayList<>();
    }

    Page page(String text) throws IOException {
        Query query = plan(text);
        Page page = new Page();
        FacetsCollector collector = new FacetsCollector();
        page.hits = FacetsCollector.search(searcher, query, 20, collector);
        page.total = page.hits.totalHits.value;
        page.snippets = highlighter.highlight("summary", query, page.hits);
        if (page.total > 0) {
            Facets counts = new SortedSetDocValuesFacetCounts(facets, collector);
            page.counts.add(counts.getTopChildren(100, "kinds"));
            for (String group : GROUPS) page.counts.add(counts.getTopChildren(100, group));
        }
        return page;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Lucene peer = new Lucene(folder, Path.of(args[3]));
        List<String[]> queries = rows(folder.resolve("queries.tsv"));
        try (PrintWriter run = new PrintWriter(args[1])) {
            for (String[] query : queries) {
                ScoreDoc[] hits = peer.page(query[1]).hits.scoreDocs;
                for (int at = 0; at < Math.min(10, hits.length); at++)
                    run.printf("%s\t%d\t%s\t%s%n", query[0], at + 1,
                            peer.searcher.doc(hits[at].doc).get("key"), hits[at].score);
            }
        }
        double[] best = new double[queries.size()];
        Arrays.fill(best, Double.POSITIVE_INFINITY);
        for (int round = 0; round < Integer.parseInt(args[2]); round++)
            for (int at = 0; at < best.length; at++) {
                long begun = System.nanoTime();
                peer.page(queries.get(at)[1]);
                best[at] = Math.min(best[at], (System.nanoTime() - begun) / 1000.0);
            }
        Arrays.sort(best);
        System.out.print("Lucene 8\t" + CONFIGURATION);
        for (double share : new double[] {.5, .95, .99})
            System.out.printf("\t%.0f", best[(int) Math.ceil(share * best.length) - 1]);
        System.out.println();
    }
}
