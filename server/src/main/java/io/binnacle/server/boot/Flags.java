package io.binnacle.server.boot;

import io.binnacle.server.boot.FlagValue.Invalid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the command line and the environment say, in the syntax of Go's {@code flag} package: one or two dashes, a value
 * after {@code =} or as the next word, booleans never taking the next word, the last of repeated flags winning (shared
 * contract: server.md §1.2 to §1.5).
 */
final class Flags {

    /** A flag that exists: its type and whether this release gives it an effect. */
    record Definition(String name, FlagValue type, Support support) {}

    /** What this release does with a flag. */
    enum Support {
        /** Obeyed. */
        OBEYED,
        /** Accepted, without effect here and by its nature harmless. */
        HARMLESS,
        /** Known to etcd, but not supported by this release: giving it is an error. */
        REFUSED
    }

    private final Map<String, Definition> definitions;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<String> strays = new ArrayList<>();
    private boolean helpAsked;

    private Flags(Map<String, Definition> definitions) {
        this.definitions = definitions;
    }

    /**
     * Reads the arguments.
     *
     * @throws FlagError for the first wrong one, with the text that etcd prints
     */
    static Flags parse(Map<String, Definition> definitions, List<String> arguments) throws FlagError {
        Flags flags = new Flags(definitions);
        int at = 0;
        while (at < arguments.size() && !flags.helpAsked) {
            String argument = arguments.get(at);
            if (argument.length() < 2 || argument.charAt(0) != '-') break;
            at++;
            if (argument.equals("--")) break;
            String body = argument.substring(argument.startsWith("--") ? 2 : 1);
            if (body.isEmpty() || body.startsWith("-") || body.startsWith("=")) {
                throw new FlagError("bad flag syntax: " + argument);
            }
            String next = at < arguments.size() ? arguments.get(at) : null;
            if (flags.take(body, next)) at++;
        }
        if (!flags.helpAsked) flags.strays.addAll(arguments.subList(at, arguments.size()));
        return flags;
    }

    /** Takes one flag; true if it used the next word. */
    private boolean take(String body, @Nullable String next) throws FlagError {
        int equals = body.indexOf('=');
        String name = equals < 0 ? body : body.substring(0, equals);
        String word = equals < 0 ? null : body.substring(equals + 1);
        Definition definition = definitions.get(name);
        if (definition == null) {
            if (name.equals("h") || name.equals("help")) {
                helpAsked = true;
                return false;
            }
            throw new FlagError("flag provided but not defined: -" + name);
        }
        boolean usedNext = false;
        if (word == null && definition.type().isBoolean()) word = "true";
        if (word == null) {
            if (next == null) throw new FlagError("flag needs an argument: -" + name);
            word = next;
            usedNext = true;
        }
        try {
            set(definition, word);
        } catch (Invalid invalid) {
            throw new FlagError(definition.type() == FlagValue.BOOL
                    ? "invalid boolean value \"" + word + "\" for -" + name + ": " + invalid.getMessage()
                    : "invalid value \"" + word + "\" for flag -" + name + ": " + invalid.getMessage());
        }
        return usedNext;
    }

    private void set(Definition definition, String word) throws Invalid {
        Object value = definition.type().read(word);
        boolean keepsDefault = definition.type() == FlagValue.URLS && word.isEmpty();
        if (!keepsDefault) values.put(definition.name(), value);
        else values.putIfAbsent(definition.name(), KEEP_DEFAULT);
    }

    private static final Object KEEP_DEFAULT = new Object();

    /**
     * Takes variables {@code ETCD_…} for flags that were not given.
     *
     * @return what was used, by variable name
     * @throws ConfigError for a variable beside its flag, or a wrong value
     */
    Map<String, String> takeEnvironment(Map<String, String> environment, List<String> unrecognized) throws ConfigError {
        Map<String, String> used = new TreeMap<>();
        Map<String, String> known = new TreeMap<>();
        for (Definition definition : definitions.values()) {
            String variable = "ETCD_" + definition.name().toUpperCase(Locale.ROOT).replace('-', '_');
            String word = environment.get(variable);
            if (word == null) continue;
            if (values.containsKey(definition.name())) throw ConfigError.shadowed(variable);
            if (word.isEmpty()) continue;
            known.put(variable, word);
            try {
                set(definition, word);
            } catch (Invalid invalid) {
                throw new ConfigError("invalid value \"" + word + "\" for " + variable + ": " + invalid.getMessage());
            }
            used.put(variable, word);
        }
        new TreeMap<>(environment).forEach((variable, word) -> {
            if (variable.startsWith("ETCD_") && !known.containsKey(variable)) unrecognized.add(variable + "=" + word);
        });
        return used;
    }

    /** Whether the usage was asked for. */
    boolean helpAsked() {
        return helpAsked;
    }

    /** Words that are no flags. */
    List<String> strays() {
        return strays;
    }

    /** The flags that were given and that this release does not support. */
    List<String> refused() {
        return given(Support.REFUSED);
    }

    /** The flags that were given and that have no effect here; those of etcd before version 1 are not worth a word. */
    List<String> harmless() {
        List<String> harmless = given(Support.HARMLESS);
        harmless.removeIf(name -> EtcdFlags.isAncient(definitions, name));
        return harmless;
    }

    private List<String> given(Support support) {
        List<String> names = new ArrayList<>();
        for (String name : values.keySet()) {
            Definition definition = definitions.get(name);
            if (definition != null && definition.support() == support) names.add(name);
        }
        return names;
    }

    /** Whether the flag was given, by whichever way. */
    boolean isSet(String name) {
        return values.containsKey(name);
    }

    String text(String name, String otherwise) {
        return values.get(name) instanceof String text ? text : otherwise;
    }

    boolean bool(String name, boolean otherwise) {
        return values.get(name) instanceof Boolean bool ? bool : otherwise;
    }

    long number(String name, long otherwise) {
        return values.get(name) instanceof Long number ? number : otherwise;
    }

    List<String> list(String name, List<String> otherwise) {
        if (!(values.get(name) instanceof List<?> list)) return otherwise;
        List<String> texts = new ArrayList<>(list.size());
        for (Object text : list) texts.add((String) text);
        return texts;
    }
}
