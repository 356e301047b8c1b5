package io.binnacle.api.wire;

import io.binnacle.api.SharedFolder;
import io.binnacle.base.Bytes;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real etcd's decoder: the program {@code unmarshal} of a module under {@code interop}. */
final class GoDecoder {

    private final Path program;

    private GoDecoder(Path program) {
        this.program = program;
    }

    /** Builds the program; where Go is absent the test is skipped with a line, or fails in CI. */
    static GoDecoder build(String module) throws IOException, InterruptedException {
        Path target = Path.of("target", "go").toAbsolutePath();
        Files.createDirectories(target);
        Path program = target.resolve("unmarshal-" + module);
        Process build;
        try {
            build = new ProcessBuilder("go", "build", "-o", program.toString(), "./unmarshal")
                    .directory(SharedFolder.repository().resolve("interop").resolve(module).toFile())
                    .redirectErrorStream(true).start();
        } catch (IOException noGo) {
            SharedFolder.absent("no go command: the real decoders cannot be built");
            throw noGo;
        }
        String output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!build.waitFor(10, TimeUnit.MINUTES) || build.exitValue() != 0) throw new IOException("go build: " + output);
        return new GoDecoder(program);
    }

    /** A message and the letter the program knows its type by. */
    record Question(char type, Bytes message) {}

    /** For each question the message encoded anew without unknown fields, null if it cannot be decoded. */
    List<@Nullable Bytes> ask(List<Question> questions) throws IOException, InterruptedException {
        Path input = Files.createTempFile("questions", ".bin");
        try {
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(input)))) {
                for (Question question : questions) {
                    out.writeByte(question.type);
                    out.writeInt(question.message.length());
                    out.write(question.message.toByteArray());
                }
            }
            Process process = new ProcessBuilder(program.toString()).redirectInput(input.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            List<@Nullable Bytes> answers = new ArrayList<>();
            try (DataInputStream in = new DataInputStream(process.getInputStream())) {
                for (int count = questions.size(); count > 0; count--) {
                    boolean decoded = in.readByte() == 1;
                    byte[] again = in.readNBytes(in.readInt());
                    answers.add(decoded ? Bytes.of(again) : null);
                }
            }
            if (process.waitFor() != 0) throw new IOException("the decoder ended with " + process.exitValue());
            return answers;
        } finally {
            Files.delete(input);
        }
    }
}
