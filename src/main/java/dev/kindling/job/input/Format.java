package dev.kindling.job.input;

import java.util.Locale;

/** A format that data are read in. */
public enum Format {
    CSV,
    PARQUET,
    LIBSVM,
    IDX;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format that the file's name suggests. */
    public static Format of(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst)$", "");
        if (plain.endsWith(".parquet")) {
            return PARQUET;
        }
        if (plain.endsWith(".libsvm") || plain.endsWith(".svm")) {
            return LIBSVM;
        }
        return plain.endsWith("ubyte") || plain.endsWith(".idx") ? IDX : CSV;
    }

    /** Whether the format itself defines the label column, {@code label}. */
    public boolean namesLabel() {
        return this == LIBSVM || this == IDX;
    }
}
