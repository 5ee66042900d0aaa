package dev.kindling;

import dev.kindling.table.cache.CachedTable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests that read data without a command, which would release the cached tables at its end. */
public final class ReleasesTables implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) {
        CachedTable.releaseAll(LocalSpark.session().sparkContext());
    }
}
