package dev.kindling.job.storage;

import dev.kindling.linalg.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares all paths of a command before it works: no output may be an input, another output, or lie in a folder that is read
 * or replaced.
 */
public final class PathCheck {
    private final List<Named> paths = new ArrayList<>();

    /**
     * One path.
     *
     * @param keepsOthers whether files of others may lie in it: a folder that is neither read nor replaced as a whole
     */
    private record Named(String option, Storage place, boolean written, boolean keepsOthers) {}

    /** A file or folder that the command reads; none where it is null. */
    public PathCheck reads(String option, @Nullable Storage place) {
        return add(option, place, false, false);
    }

    /** A file or folder that the command writes and replaces as a whole; none where it is null. */
    public PathCheck replaces(String option, @Nullable Storage place) {
        return add(option, place, true, false);
    }

    /** A folder that the command adds files to; none where it is null. */
    public PathCheck addsTo(String option, @Nullable Storage place) {
        return add(option, place, true, true);
    }

    private PathCheck add(String option, @Nullable Storage place, boolean written, boolean keepsOthers) {
        if (place != null) {
            paths.add(new Named(option, place, written, keepsOthers));
        }
        return this;
    }

    /**
     * Refuses outputs that would destroy something, or be destroyed.
     *
     * @throws InvalidInput with both options and paths
     */
    public void requireApart() throws IOException {
        for (int i = 0; i < paths.size(); i++) {
            Named output = paths.get(i);
            if (!output.written) {
                continue;
            }
            for (int j = 0; j < paths.size(); j++) {
                if (i != j) {
                    requireApart(output, paths.get(j));
                }
            }
            Storage model = output.place.modelAround();
            if (model != null) {
                throw new InvalidInput(output.option + " must not lie in a saved model, but " + output.place
                        + " lies in the model " + model);
            }
        }
    }

    private static void requireApart(Named output, Named other) throws IOException {
        for (Storage place : other.place.matching()) {
            if (output.place.isSame(place)) {
                throw new InvalidInput(
                        output.option + " and " + other.option + " must name different places, but both name " + place);
            }
            if (!other.keepsOthers && output.place.isIn(place)) {
                throw new InvalidInput(output.option + " must lie outside of " + other.option + ", which is "
                        + (other.written ? "replaced" : "read") + " as a whole, but " + output.place + " lies in "
                        + place);
            }
        }
    }
}
