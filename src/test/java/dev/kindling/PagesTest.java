package dev.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindling.loss.Loss;
import dev.kindling.nn.Initializer;
import dev.kindling.nn.Layer;
import dev.kindling.optim.Clip;
import dev.kindling.optim.GradientSource;
import dev.kindling.optim.Optimizer;
import dev.kindling.optim.OuterOptimizer;
import dev.kindling.optim.Plateau;
import dev.kindling.optim.Schedule;
import dev.kindling.optim.Span;
import dev.kindling.spec.Spec;
import dev.kindling.train.ClassWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** README.md, CONTRIBUTING.md and the pages of src/site/markdown are complete, and lead somewhere. */
final class PagesTest {
    private static final int LARGEST_README = 9_000; // bytes: a page that is read to its end

    private static final Path REFERENCE = Path.of("src/site/markdown/reference.md");

    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    /** A file of the tree, or some of one kind: `engine/Plan.java`, `src/test/python/golden*.py`. */
    private static final Pattern FILE =
            Pattern.compile("`((?:[\\w.*-]+/)*[\\w.*-]+\\.(?:java|py|js|md|txt|json|args|conf|properties))`");

    /** Whose children pages name without saying where they lie. */
    private static final List<Path> ROOTS = List.of(
            Path.of(""),
            Path.of("src/main/java/dev/kindling"),
            Path.of("src/test/java/dev/kindling"),
            Path.of("src/test/resources"));

    /** Names of what a release has, with its version. */
    private static final Pattern ARTIFACT =
            Pattern.compile("kindling(?:-spark\\d_\\d\\.\\d+)?[-:](\\d+\\.\\d+\\.\\d+)(?=-job|-score|-bin|[^-\\d.])");

    static List<Path> pages() throws IOException {
        return Snippets.pages();
    }

    @Test
    void everyNameIsInTheReference() throws IOException {
        List<String> words = List.of(Files.readString(REFERENCE).split("[^A-Za-z]+"));
        for (Class<?> family : List.of(
                Layer.class,
                Loss.class,
                Initializer.class,
                Optimizer.class,
                Schedule.class,
                Span.class,
                Plateau.class,
                Clip.class,
                ClassWeights.class,
                GradientSource.class,
                OuterOptimizer.class)) {
            assertThat(words).containsAll(Spec.names(family));
        }
    }

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.size(Path.of("README.md"))).isLessThanOrEqualTo(LARGEST_README);
    }

    /** The version is stated in pom.xml; the Python package repeats it, and pages but for the changelog, which names older ones. */
    @Test
    void eachNamesTheVersionOfThePom() throws IOException {
        Matcher stated =
                Pattern.compile("(?m)^  <version>(.*)</version>$").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(stated.find()).isTrue();
        String version = stated.group(1);
        int names = 0;
        for (Path page : pages()) {
            if (page.endsWith("CHANGELOG.md")) {
                continue;
            }
            Matcher named = ARTIFACT.matcher(Files.readString(page));
            while (named.find()) {
                assertThat(named.group(1))
                        .as("%s names %s", page, named.group())
                        .isEqualTo(version);
                names++;
            }
        }
        assertThat(names).isGreaterThan(10);
        assertThat(Path.of("src/main/python/pyproject.toml")).content().contains("version = \"" + version + "\"");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksLeadSomewhere(Path page) throws IOException {
        for (String link : matches(LINK, CODE.matcher(Files.readString(page)).replaceAll(""))) {
            if (link.matches("[a-z]+:.*")) {
                continue; // of the web: tests use no network
            }
            String[] parts = link.split("#", 2);
            Path target =
                    parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
            assertThat(target).as("%s in %s", link, page).exists();
            if (parts.length > 1) {
                assertThat(anchors(target)).as("%s in %s", link, page).contains(parts[1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void theFilesNamedExist(Path page) throws IOException {
        for (String name : matches(FILE, CODE.matcher(Files.readString(page)).replaceAll(""))) {
            if (name.contains("/")) {
                assertThat(exists(name)).as("%s in %s", name, page).isTrue();
            }
        }
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static boolean exists(String name) throws IOException {
        for (Path root : ROOTS) {
            Path path = root.resolve(name);
            Path parent = path.toAbsolutePath().getParent();
            if (Files.isDirectory(parent)) {
                try (Stream<Path> found = Files.list(parent)) {
                    String file =
                            path.getFileName().toString().replace(".", "\\.").replace("*", ".*");
                    if (found.anyMatch(each -> each.getFileName().toString().matches(file))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** The anchors that GitHub gives to headings: lower case, without punctuation, dashes for blanks. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        Matcher headings = HEADING.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
        for (MatchResult heading : headings.results().toList()) {
            String words = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "");
            assertThat(anchors.add(words.replace(' ', '-')))
                    .as("a heading \"%s\" is once in %s", heading.group(1), page)
                    .isTrue();
        }
        return anchors;
    }
}
