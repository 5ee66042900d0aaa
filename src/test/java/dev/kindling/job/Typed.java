package dev.kindling.job;

import dev.kindling.job.io.DataSource;
import java.io.IOException;
import java.util.Set;

/** Training data with the types of all columns, not only of the label. */
final class Typed {
    private Typed() {}

    static DataSource.Data all(DataSource source) throws IOException {
        return source.forTraining(Set.of(source.forTraining(Set.of()).columns().fieldNames()));
    }
}
