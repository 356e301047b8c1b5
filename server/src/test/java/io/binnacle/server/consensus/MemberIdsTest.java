package io.binnacle.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.binnacle.server.SharedFolder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ids are those that etcd makes, and request ids never come twice. */
class MemberIdsTest {

    @Test
    void membersAndClustersHaveEtcdsIds() throws Exception {
        int vectors = 0;
        for (JsonNode vector : SharedFolder.json(SharedFolder.file("golden/etcd/ids.json")).get("vectors")) {
            if (!vector.has("clusterId")) continue;
            List<Long> ids = new ArrayList<>();
            for (JsonNode member : vector.get("members")) {
                List<String> urls = new ArrayList<>();
                member.get("peerURLs").forEach(url -> urls.add(url.asText()));
                long id = MemberIds.member(urls, vector.get("token").asText());
                assertThat(Long.toHexString(id)).as(vector.toString()).isEqualTo(member.get("id").asText());
                ids.add(id);
            }
            assertThat(Long.toHexString(MemberIds.cluster(ids))).isEqualTo(vector.get("clusterId").asText());
            vectors++;
        }
        System.out.println("id vectors: " + vectors);
        assertThat(vectors).isPositive();
    }

    @Test
    void requestIdsOfALaterStartAreAboveThoseOfAnEarlierOne() {
        RequestIds first = new RequestIds(0xabcdL, 1_700_000_000_000L);
        RequestIds second = new RequestIds(0xabcdL, 1_700_000_001_000L);
        Set<Long> seen = new HashSet<>();
        for (int each = 0; each < 1000; each++) {
            assertThat(seen.add(first.next())).isTrue();
            assertThat(seen.add(second.next())).isTrue();
        }
        assertThat(first.next() >>> 48).isEqualTo(0xabcdL);
    }
}
