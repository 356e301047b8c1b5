package io.binnacle.api.raftpb;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.SharedFolder;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.kv.RequestHeader;
import io.binnacle.base.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** What real members wrote, read and written again. */
class RecordedBytesTest {

    private static final Pattern RECORD = Pattern.compile(
            "\"crc\": ?\\d+,\\s*\"data\": ?\"([0-9a-f]*)\",(?:(?!\"crc\").)*?\"off\": ?\\d+,(?:(?!\"crc\").)*?\"type\": ?\"(entry|state|snapshot)\"",
            Pattern.DOTALL);
    private static final Pattern FRAME = Pattern.compile("\"hex\": ?\"([0-9a-f]+)\"");

    @Test
    void everyRecordOf37MembersLogsIsWrittenByteForByte() throws IOException {
        int records = 0;
        int changes = 0;
        try (Stream<Path> directories = Files.list(SharedFolder.file("golden/etcd/data"))) {
            for (Path directory : directories.sorted().toList()) {
                String name = directory.getFileName().toString();
                Path wal = directory.resolve("wal.json");
                // Only where no 3.6 member wrote: it fills in zeros.
                if (!Files.exists(wal) || !name.matches("(alarm|cluster|empty|history|pages|purged|segments|snaps)-3\\.7\\.1.*")) continue;
                Matcher record = RECORD.matcher(Files.readString(wal));
                while (record.find()) {
                    Bytes data = bytes(record.group(1));
                    switch (record.group(2)) {
                        case "entry" -> {
                            Entry entry = Entry.decode(data);
                            assertThat(entry.encoded()).as("%s", name).isEqualTo(data);
                            changes += payload(entry);
                        }
                        case "state" -> assertThat(HardState.decode(data).encoded()).as("%s", name).isEqualTo(data);
                        default -> assertThat(WalSnapshot.decode(data).encoded()).as("%s", name).isEqualTo(data);
                    }
                    records++;
                }
            }
        }
        System.out.println("log records written byte for byte: " + records + ", configuration changes in them: " + changes);
        assertThat(records).isGreaterThan(1_000);
        assertThat(changes).isGreaterThan(10);
    }

    private static int payload(Entry entry) {
        Bytes data = entry.data();
        if (data == null || data.isEmpty()) return 0;
        if (entry.type() == 1) {
            ConfChange change = ConfChange.decode(data);
            assertThat(change.encoded()).isEqualTo(data);
            return 1;
        }
        RaftRequest request = RaftRequest.decode(data);
        RequestHeader header = Objects.requireNonNull(request.header());
        assertThat(RaftRequest.encode(request.kind(), request.request(), header)).isEqualTo(data);
        return 0;
    }

    @Test
    void everyRecordedMessageBetween37MembersIsWrittenByteForByte() throws IOException {
        int[] byType = new int[24];
        for (String name : List.of("cluster-3.7.1", "snapshot-received-3.7.1")) {
            Matcher frame = FRAME.matcher(gunzip(SharedFolder.file("golden/etcd/peer/" + name + "/exchanges.json.gz")));
            while (frame.find()) {
                Bytes bytes = bytes(frame.group(1));
                int lengthAt = bytes.at(0) == 2 ? 1 : 0; // on the append stream a full message has a type byte before
                if (bytes.length() < lengthAt + 8 || length(bytes, lengthAt) != bytes.length() - lengthAt - 8) continue;
                Bytes data = bytes.slice(lengthAt + 8, bytes.length());
                Message message = Message.decode(data);
                assertThat(message.encoded()).as("%s", frame.group(1)).isEqualTo(data);
                byType[message.type()]++;
            }
        }
        System.out.println("recorded messages written byte for byte, by type: " + List.of(
                "App", byType[3], "AppResp", byType[4], "Heartbeat", byType[8], "HeartbeatResp", byType[9],
                "Vote", byType[5], "PreVote", byType[17], "Prop", byType[2], "ReadIndex", byType[15]));
        assertThat(byType[4]).isGreaterThan(10);
        assertThat(byType[8]).isGreaterThan(10);
    }

    private static long length(Bytes bytes, int at) {
        long length = 0;
        for (int index = at; index < at + 8; index++) length = (length << 8) | (bytes.at(index) & 0xFF);
        return length;
    }

    private static String gunzip(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Bytes bytes(String hex) {
        return Bytes.of(HexFormat.of().parseHex(hex));
    }
}
