package dev.kindling.job.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/** A kind of single file that commands write, and how one is told from the files of others before it is replaced. */
public enum OwnFile {
    FIGURES("a JSON file of Kindling's figures", "\\{\\s*\"(rows|healthy|metric|suggested|advice|loss)\".*"),
    PAGE("a page of Kindling's", ".*<meta name=\"generator\" content=\"Kindling\">.*"),
    OPTIONS("a file of Kindling's options", "# Found by kindling search.*"),
    PREDICTIONS("the output of kindling predict", "([^\\n]*,)?prediction(,\"?probability_[^\\n]*)?\\n.*");

    private static final int BEGINNING = 1 << 20; // bytes: predictions have the names of all columns first

    private final String article;
    private final Pattern beginning;

    OwnFile(String article, String beginning) {
        this.article = article;
        this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
    }

    String article() {
        return article;
    }

    /** Whether the file was written by a command, or is empty. */
    boolean isWritten(Storage file) throws IOException {
        if (file.bytes() == 0) {
            return true;
        }
        try (InputStream in = file.content()) {
            return beginning
                    .matcher(new String(in.readNBytes(BEGINNING), StandardCharsets.UTF_8))
                    .matches();
        } catch (EOFException | ZipException notCompressed) {
            return false; // though its name says so
        }
    }
}
