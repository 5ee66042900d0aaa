package dev.kindling.spec;

import dev.kindling.linalg.InvalidInput;
import dev.kindling.linalg.Require;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text form of every configurable family (optimizers, schedules, layers, losses …):
 * {@code adam(beta1=0.9, beta2=0.999, epsilon=1e-8)}, {@code warmup(steps(500), then=cosine(floor=0.01))},
 * {@code dense(256) relu}.
 *
 * <p>Lists are written in brackets, separated by blanks or commas: {@code [dense(64) relu]}.
 *
 * <p>A family is a sealed interface whose members are records. The record's name is the name in the text, its
 * components are the arguments. Components of the shortest constructor are required and may be given without a name;
 * the others default to what that constructor sets. So a record added to a family can be parsed and printed without
 * another line of code. Names are matched in any case. Printing names every argument, so that text in a file keeps its
 * meaning when a default changes: {@code parse(print(x))} equals {@code x}.
 */
public final class Spec {
    private static final int LONGEST = 1_000_000; // room for the means and deviations of thousands of targets
    private static final int MOST = 2_000; // a network of more layers would be too deep
    private static final int DEEPEST = 16;

    private final String text;
    private int at;
    private int members; // parsed so far

    private Spec(String text) {
        Require.that(
                text.length() <= LONGEST,
                "a spec must have at most " + LONGEST + " characters, but has " + text.length());
        this.text = text;
    }

    /**
     * The member of {@code family} that {@code text} describes.
     *
     * @throws InvalidInput with the list of known names if the name or an argument is unknown, and with the range if a
     *     value is out of range
     */
    public static <T> T parse(Class<T> family, String text) {
        Spec spec = new Spec(text);
        T value = spec.member(family, 0);
        spec.skipBlanks();
        if (spec.at < text.length()) {
            throw spec.malformed("the end");
        }
        return value;
    }

    /** The members that {@code text} lists, separated by blanks or commas; may be empty. */
    public static <T> List<T> parseAll(Class<T> family, String text) {
        Spec spec = new Spec(text);
        List<T> values = new ArrayList<>();
        spec.skipBlanks();
        while (spec.at < text.length()) {
            values.add(spec.member(family, 0));
            spec.skipBlanks();
            if (spec.take(',') && spec.atEnd()) {
                throw spec.malformed("another " + noun(family) + " after the comma");
            }
        }
        return values;
    }

    /** The name of a configuration: the name of its record, with a lower-case first letter. */
    public static String name(Object configuration) {
        return name(configuration.getClass());
    }

    /** The names of a family's members, in the order of the source. */
    public static List<String> names(Class<?> family) {
        return members(family).stream().map(Spec::name).toList();
    }

    /** The text from which {@link #parse} makes an equal configuration; files hold this form. */
    public static String print(Object configuration) {
        return print(configuration, true);
    }

    /** The text for people: without the arguments that have their default value. */
    public static String brief(Object configuration) {
        return print(configuration, false);
    }

    private static String print(Object configuration, boolean complete) {
        Class<?> type = configuration.getClass();
        List<String> arguments = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        int required = shortest(type).getParameterCount();
        Object[] given = new Object[required];
        for (int i = 0; i < required; i++) {
            given[i] = valueOf(components[i], configuration);
            arguments.add(printValue(given[i], complete));
        }
        Object defaults = complete ? configuration : construct(type, shortest(type), given, "");
        for (int i = required; i < components.length; i++) {
            Object value = valueOf(components[i], configuration);
            if (complete || !value.equals(valueOf(components[i], defaults))) {
                arguments.add(components[i].getName() + "=" + printValue(value, complete));
            }
        }
        return name(type) + (arguments.isEmpty() ? "" : "(" + String.join(", ", arguments) + ")");
    }

    /** The specs of a list of configurations, separated by blanks. */
    public static String printAll(List<?> configurations) {
        return String.join(" ", configurations.stream().map(Spec::print).toList());
    }

    /** The texts for people: without the arguments that have their default value. */
    public static String briefAll(List<?> configurations) {
        return String.join(" ", configurations.stream().map(Spec::brief).toList());
    }

    /** A number, as short as its exact value allows: {@code 0.001}, {@code 1e-8}, {@code 500}. */
    public static String print(double value) {
        return Double.toString(value).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
    }

    private static String printValue(Object value, boolean complete) {
        if (value instanceof Double number) {
            return print(number.doubleValue());
        }
        if (value instanceof List<?> list) {
            return "["
                    + String.join(
                            " ",
                            list.stream()
                                    .map(each -> printValue(each, complete))
                                    .toList()) + "]";
        }
        return value instanceof Record ? print(value, complete) : value.toString();
    }

    private <T> T member(Class<T> family, int depth) {
        Require.that(depth < DEEPEST, "a spec must nest at most " + DEEPEST + " deep");
        Require.that(++members <= MOST, "a spec must have at most " + MOST + " parts, but has more");
        skipBlanks();
        int start = at;
        String name = word();
        if (name.isEmpty()) {
            throw malformed("the name of " + article(noun(family)) + ", one of " + String.join(", ", names(family)));
        }
        List<String> known = names(family);
        Class<? extends T> type = null;
        for (Class<? extends T> member : members(family)) {
            if (name(member).equalsIgnoreCase(name)) {
                type = member;
            }
        }
        if (type == null) {
            Require.oneOf(name, known, noun(family));
            throw new IllegalStateException(name);
        }
        Map<String, Object> given = new LinkedHashMap<>();
        int afterName = at;
        skipBlanks();
        if (!take('(')) {
            at = afterName;
        } else {
            arguments(type, given, depth);
        }
        return make(type, given, text.substring(start, at));
    }

    private void arguments(Class<?> type, Map<String, Object> given, int depth) {
        RecordComponent[] components = type.getRecordComponents();
        int required = shortest(type).getParameterCount();
        skipBlanks();
        if (take(')')) {
            return;
        }
        do {
            skipBlanks();
            RecordComponent component = argument(type, components, Math.max(required, 1), given);
            if (given.put(component.getName(), value(component, name(type), depth)) != null) {
                throw new InvalidInput(
                        "the argument " + component.getName() + " of " + name(type) + " must be given once");
            }
            skipBlanks();
        } while (take(','));
        if (!take(')')) {
            throw malformed("a comma or )");
        }
    }

    /** The component for the next argument: the named one, or the next one that needs no name. */
    private RecordComponent argument(
            Class<?> type, RecordComponent[] components, int unnamed, Map<String, Object> given) {
        int start = at;
        String word = word();
        skipBlanks();
        if (!word.isEmpty() && take('=')) {
            for (RecordComponent component : components) {
                if (component.getName().equalsIgnoreCase(word)) {
                    return component;
                }
            }
            List<String> known =
                    Arrays.stream(components).map(RecordComponent::getName).toList();
            Require.that(!known.isEmpty(), name(type) + " takes no arguments, but got " + word);
            Require.oneOf(word, known, "argument of " + name(type));
        }
        at = start;
        if (given.size() >= Math.min(unnamed, components.length)) {
            Require.that(components.length > 0, name(type) + " takes no arguments");
            throw malformed("name=value with one of the arguments of " + name(type) + ": "
                    + String.join(
                            ", ",
                            Arrays.stream(components)
                                    .map(RecordComponent::getName)
                                    .toList()));
        }
        return components[given.size()];
    }

    private Object value(RecordComponent component, String owner, int depth) {
        if (component.getType() != List.class) {
            return value(component.getType(), component, owner, depth);
        }
        Class<?> element = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        skipBlanks();
        if (!take('[')) {
            throw malformed("[ for " + component.getName() + " of " + owner);
        }
        List<Object> values = new ArrayList<>();
        skipBlanks();
        while (!take(']')) {
            values.add(value(element, component, owner, depth + 1));
            skipBlanks();
            if (take(',')) {
                skipBlanks();
            }
        }
        return List.copyOf(values);
    }

    private Object value(Class<?> type, RecordComponent component, String owner, int depth) {
        skipBlanks();
        if (type.isSealed()) {
            return member(type, depth + 1);
        }
        int start = at;
        while (at < text.length()
                && "(), =[]".indexOf(text.charAt(at)) < 0
                && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        String token = text.substring(start, at);
        if (type == boolean.class) {
            String answer = token.toLowerCase(Locale.ROOT);
            return Require.oneOf(answer, List.of("true", "false"), component.getName() + " of " + owner)
                    .equals("true");
        }
        try {
            if (type == int.class || type == Integer.class) {
                return Integer.valueOf(token);
            }
            if (type == long.class || type == Long.class) {
                return Long.valueOf(token);
            }
            return parseDouble(token);
        } catch (NumberFormatException e) {
            String kind = type == double.class || type == Double.class ? "a number" : "a whole number";
            throw new InvalidInput(
                    component.getName() + " of " + owner + " must be " + kind + ", but is \"" + token + "\"");
        }
    }

    private static Double parseDouble(String token) {
        // Java would also accept 1d, 0x1p3 and NaN
        if (!token.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            throw new NumberFormatException(token);
        }
        return Double.valueOf(token);
    }

    private static <T> T make(Class<T> type, Map<String, Object> given, String source) {
        RecordComponent[] components = type.getRecordComponents();
        Constructor<?> shortest = shortest(type);
        int required = shortest.getParameterCount();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object value = given.get(components[i].getName());
            if (value != null) {
                values[i] = value;
            } else if (i < required) {
                throw new InvalidInput(name(type) + " needs " + components[i].getName() + ", as in " + name(type) + "("
                        + components[i].getName() + "=" + example(components[i]) + ")");
            }
        }
        if (required < components.length) {
            Object defaults = construct(type, shortest, Arrays.copyOf(values, required), source);
            for (int i = required; i < components.length; i++) {
                if (values[i] == null) {
                    values[i] = valueOf(components[i], defaults);
                }
            }
        }
        return type.cast(construct(type, canonical(type), values, source));
    }

    private static String example(RecordComponent component) {
        return component.getType().isSealed() ? names(component.getType()).get(0) : "…";
    }

    private static Object construct(
            Class<?> type, Constructor<?> constructor, @Nullable Object[] values, String source) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidInput refused) {
                throw new InvalidInput(refused.getMessage() + " (in \"" + source + "\")");
            }
            throw new IllegalStateException("cannot make " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    private static Object valueOf(RecordComponent component, Object configuration) {
        try {
            return component.getAccessor().invoke(configuration);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private static Constructor<?> canonical(Class<?> type) {
        return longest(type.getConstructors(), Comparator.comparingInt(Constructor::getParameterCount));
    }

    private static Constructor<?> shortest(Class<?> type) {
        return longest(
                type.getConstructors(),
                Comparator.<Constructor<?>>comparingInt(Constructor::getParameterCount)
                        .reversed());
    }

    private static Constructor<?> longest(Constructor<?>[] constructors, Comparator<Constructor<?>> order) {
        return Arrays.stream(constructors).max(order).orElseThrow();
    }

    @SuppressWarnings("unchecked") // a sealed interface permits only its subtypes
    private static <T> List<Class<? extends T>> members(Class<T> family) {
        List<Class<? extends T>> members = new ArrayList<>();
        for (Class<?> permitted : family.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                members.addAll(members((Class<? extends T>) permitted));
            } else {
                members.add((Class<? extends T>) permitted);
            }
        }
        return members;
    }

    private static String name(Class<?> type) {
        String simple = type.getSimpleName();
        return simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
    }

    private static String noun(Class<?> family) {
        return name(family);
    }

    private static String article(String noun) {
        return ("aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ") + noun;
    }

    private String word() {
        int start = at;
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean take(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean atEnd() {
        skipBlanks();
        return at >= text.length();
    }

    private InvalidInput malformed(String wanted) {
        String found =
                at < text.length() ? "\"" + text.substring(at, Math.min(at + 20, text.length())) + "\"" : "nothing";
        return new InvalidInput(
                "expected " + wanted + " at character " + (at + 1) + " of \"" + text + "\", but found " + found);
    }
}
