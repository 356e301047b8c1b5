package io.binnacle.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.rpc.Code;
import io.binnacle.rpc.Status;
import io.binnacle.server.SharedFolder;
import io.binnacle.server.apply.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients compare codes and texts of errors, so they are those of the table. */
class RefusalStatusTest {

    @Test
    void everyRefusalHasTheCodeThatTheTableGivesItsText() throws IOException {
        Map<String, List<String>> codes = new HashMap<>();
        int rows = 0;
        for (String[] row : SharedFolder.table("conformance/errors.tsv")) {
            codes.computeIfAbsent(row[2], text -> new ArrayList<>()).add(row[1]);
            rows++;
        }
        for (Refusal refusal : Refusal.values()) {
            Status status = RefusalStatus.of(refusal);
            assertThat(codes).as(refusal.name()).containsKey(status.message());
            assertThat(codes.getOrDefault(status.message(), List.of())).as(refusal.name()).contains(go(status.code()));
        }
        System.out.println("errors: " + Refusal.values().length + " refusals among " + rows + " rows");
    }

    /** Go writes OutOfRange where others write OUT_OF_RANGE, and Canceled with one l. */
    private static String go(Code code) {
        if (code == Code.CANCELLED) return "Canceled";
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
