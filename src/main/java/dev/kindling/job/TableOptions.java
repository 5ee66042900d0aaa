package dev.kindling.job;

import dev.kindling.table.TableVectorizer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how the columns of a table become features. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TableOptions {
    @Option(
            names = "--id",
            split = ",",
            paramLabel = "COLUMN,COLUMN,…",
            hideParamSyntax = true,
            description = "Columns that name rows: no features, but predict keeps them")
    private List<String> id = List.of();

    @Option(
            names = "--categorical",
            split = ",",
            paramLabel = "COLUMN,COLUMN,…",
            hideParamSyntax = true,
            description = "Columns of categories, also where they hold numbers")
    private List<String> categorical = List.of();

    @Option(
            names = "--numeric",
            split = ",",
            paramLabel = "COLUMN,COLUMN,…",
            hideParamSyntax = true,
            description = "Columns of numbers, also where they look like identifiers or codes")
    private List<String> numeric = List.of();

    @Option(
            names = "--datetime",
            paramLabel = "COLUMN[=PATTERN]",
            description =
                    "A column of dates, and how its texts write them, such as when=dd/MM/yyyy; may be given several times")
    private List<String> datetime = List.of();

    @Option(
            names = "--missing",
            paramLabel = "NAME",
            defaultValue = "median",
            description =
                    "What a missing number becomes, besides a flag: median, mean or zero; error: refuse such rows."
                            + " Default: ${DEFAULT-VALUE}")
    private String missing;

    @Option(
            names = "--unseen",
            paramLabel = "NAME",
            defaultValue = "zeros",
            description = "What a category becomes that training did not know: zeros, or error: refuse such rows."
                    + " Default: ${DEFAULT-VALUE}")
    private String unseen;

    @Option(
            names = "--scale",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "How numbers are scaled: auto, standard, robust, quantile or none. Default: ${DEFAULT-VALUE}")
    private String scale;

    @Option(
            names = "--min-category-rows",
            paramLabel = "N",
            description = "Categories with fewer rows share one input. Default: 1")
    @Nullable
    private Integer minCategoryRows;

    @Option(
            names = "--max-categories",
            paramLabel = "N",
            description = "The most categories of a column with inputs of their own; the rest share one. Default: 300")
    @Nullable
    private Integer maxCategories;

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description = "Whose clocks dates are read by, such as Europe/Paris. Default: Spark's")
    @Nullable
    private String timeZone;

    /** A vectorizer with these params. */
    TableVectorizer vectorizer() {
        TableVectorizer vectorizer = new TableVectorizer()
                .setIdCols(columns(id))
                .setCategoricalCols(columns(categorical))
                .setNumericCols(columns(numeric))
                .setDatetimeCols(datetime.toArray(new String[0]))
                .setMissing(missing)
                .setUnseen(unseen)
                .setScale(scale);
        given(minCategoryRows, vectorizer::setMinCategoryRows);
        given(maxCategories, vectorizer::setMaxCategories);
        given(timeZone, vectorizer::setTimeZone);
        return vectorizer;
    }

    private static <T> void given(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static String[] columns(List<String> names) {
        return TrainingInput.unquoted(names).toArray(new String[0]);
    }
}
