package io.binnacle.raft.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A script with golden output: comments, a command line, input lines, {@code ----}, the expected output up to an empty line.
 *
 * @param file where it is from
 * @param steps what it does
 */
public record Script(Path file, List<Step> steps) {

    /**
     * One command.
     *
     * @param line where it stands, from 1
     * @param command its name
     * @param words its arguments without a value, in order
     * @param values its arguments {@code name=value} or {@code name=(value,value)}
     * @param input the lines below the command
     * @param expected the golden output
     */
    public record Step(int line, String command, List<String> words, Map<String, List<String>> values, List<String> input,
            String expected) {

        /** An argument that is a number. */
        public long number(int word) {
            return Long.parseLong(words.get(word));
        }

        /** The only value of an argument, or a default. */
        public String value(String name, String otherwise) {
            List<String> all = values.get(name);
            return all == null ? otherwise : all.get(0);
        }

        /** Whether an argument is there and true. */
        public boolean flag(String name) {
            return value(name, "false").equals("true");
        }
    }

    /** Reads a script. */
    public static Script read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<Step> steps = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (line.isBlank() || line.startsWith("#")) {
                at++;
                continue;
            }
            int number = at + 1;
            List<String> input = new ArrayList<>();
            at++;
            while (!lines.get(at).equals("----")) input.add(lines.get(at++));
            at++;
            List<String> expected = new ArrayList<>();
            while (at < lines.size() && !lines.get(at).isEmpty()) expected.add(lines.get(at++));
            steps.add(step(number, line, input, String.join("\n", expected)));
        }
        return new Script(file, steps);
    }

    private static Step step(int number, String line, List<String> input, String expected) {
        List<String> tokens = tokens(line);
        List<String> words = new ArrayList<>();
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String token : tokens.subList(1, tokens.size())) {
            int equals = token.indexOf('=');
            if (equals < 0) {
                words.add(token);
                continue;
            }
            String value = token.substring(equals + 1);
            List<String> all = value.startsWith("(") ? list(value.substring(1, value.length() - 1)) : List.of(value);
            values.put(token.substring(0, equals), all);
        }
        return new Step(number, tokens.get(0), words, values, input, expected);
    }

    private static List<String> list(String inner) {
        if (inner.isBlank()) return List.of();
        return Arrays.stream(inner.split(",", -1)).map(String::strip).toList();
    }

    /** Words apart by spaces, but not inside parentheses. */
    private static List<String> tokens(String line) {
        List<String> tokens = new ArrayList<>();
        StringBuilder token = new StringBuilder();
        int depth = 0;
        for (char c : (line + " ").toCharArray()) {
            if (c == '(') depth++;
            if (c == ')') depth--;
            if (c == ' ' && depth == 0) {
                if (!token.isEmpty()) tokens.add(token.toString());
                token.setLength(0);
            } else {
                token.append(c);
            }
        }
        return tokens;
    }
}
