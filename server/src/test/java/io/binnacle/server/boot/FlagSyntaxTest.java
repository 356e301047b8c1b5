package io.binnacle.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.server.SharedFolder;
import io.binnacle.server.boot.Flags.Definition;
import io.binnacle.server.boot.Flags.Support;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The command line is read as real etcd reads it, and every flag that etcd ever had is accounted for. */
class FlagSyntaxTest {

    @Test
    void everyRecordedSyntaxErrorHasEtcdsWords() throws IOException {
        List<JsonNode> rows = SharedFolder.jsonLines("golden/server/flag-syntax.jsonl");
        List<String> differing = new ArrayList<>();
        for (JsonNode row : rows) {
            List<String> arguments = new ArrayList<>();
            row.get("argv").forEach(argument -> arguments.add(argument.asText()));
            String said = errorOf(arguments);
            if (!said.equals(row.get("first_stderr_line").asText())) differing.add(arguments + ": " + said);
            assertThat(row.get("exit").asInt()).isEqualTo(2);
        }
        System.out.println("flag syntax: " + (rows.size() - differing.size()) + " of " + rows.size());
        assertThat(differing).isEmpty();
    }

    @Test
    void everyFlagOfTheTableIsObeyedHarmlessOrRefusedAndRemovedOnesAreUndefined() throws IOException {
        Map<Support, Integer> counts = new EnumMap<>(Support.class);
        Set<String> tabled = new TreeSet<>();
        int undefined = 0;
        for (String[] row : SharedFolder.table("conformance/flags.tsv")) {
            String name = row[0];
            boolean removed = !row[7].equals("-");
            Definition definition = EtcdFlags.all().get(name);
            tabled.add(name);
            if (removed) {
                assertThat(errorOf(List.of("--" + name + "=x"))).isEqualTo("flag provided but not defined: -" + name);
                undefined++;
            } else if (!name.equals("help")) {
                if (definition == null) throw new AssertionError("--" + name + " is missing");
                counts.merge(definition.support(), 1, Integer::sum);
            }
        }
        assertThat(tabled).containsAll(EtcdFlags.all().keySet());
        System.out.println("flags: " + counts + ", undefined " + undefined);
    }

    @Test
    void everyFlagHasTheTypeOfTheTable() throws IOException {
        for (String[] row : SharedFolder.table("conformance/flags.tsv")) {
            Definition definition = EtcdFlags.all().get(row[0]);
            if (definition == null) continue;
            String type = row[1];
            FlagValue is = definition.type();
            boolean fits = type.startsWith("ignored") ? is == FlagValue.IGNORED
                    : type.equals("bool") ? is == FlagValue.BOOL
                    : type.equals("duration") ? is == FlagValue.DURATION
                    : type.equals("uint32") ? is == FlagValue.UINT32
                    : type.startsWith("uint") ? is == FlagValue.UINT
                    : type.startsWith("int") ? is == FlagValue.INT
                    : type.equals("unique url list") ? is == FlagValue.URLS
                    : !is.isBoolean() && is != FlagValue.INT && is != FlagValue.UINT && is != FlagValue.DURATION;
            assertThat(fits).as("--%s is %s here, %s in the table", row[0], is, type).isTrue();
        }
    }

    @Test
    void aRefusedFlagIsNamedInTheError() throws Exception {
        for (Definition definition : EtcdFlags.all().values()) {
            if (definition.support() != Support.REFUSED || definition.type() != FlagValue.TEXT) continue;
            Flags flags = Flags.parse(EtcdFlags.all(), List.of("--" + definition.name(), "x"));
            assertThatThrownBy(() -> ServerConfig.of(flags)).isInstanceOf(ConfigError.class)
                    .hasMessageContaining("--" + definition.name());
        }
    }

    @Test
    void aBooleanNeverTakesTheNextWord() throws Exception {
        Flags flags = Flags.parse(EtcdFlags.all(), List.of("--pre-vote", "false"));

        assertThat(flags.bool("pre-vote", false)).isTrue();
        assertThat(flags.strays()).containsExactly("false");
    }

    @Test
    void theLastOfRepeatedFlagsWins() throws Exception {
        Flags flags = Flags.parse(EtcdFlags.all(), List.of("-max-wals=3", "--max-wals", "0x10"));

        assertThat(flags.number("max-wals", 5)).isEqualTo(16);
    }

    static String errorOf(List<String> arguments) {
        try {
            Flags.parse(EtcdFlags.all(), arguments);
            return "accepted";
        } catch (FlagError wrong) {
            return String.valueOf(wrong.getMessage());
        }
    }
}
