// SPDX-License-Identifier: Apache-2.0
package dev.signet.cli;

import dev.signet.keys.KeyGenerator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;

/** The {@code signet} command. */
@Command(
        name = "signet",
        description = "Signs and seals mail, verifies it, makes the keys for it, and shows what others report about it.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = CommandLine.HelpCommand.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done, whatever the result",
            "1:failed: a file or message could not be read, a message could not be signed or sealed",
            "2:the command line is wrong, or a file that an option names",
        })
public final class Signet {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int WRONG = 2;

    private Signet() {}

    /** Runs the command with the arguments of the command line, and exits with its status. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(new Console(System.in, out, err), Clock.systemUTC(), new SecureRandom(), args));
    }

    /** Runs one command; returns the exit status. */
    static int run(Console console, InstantSource clock, SecureRandom random, String... args) {
        CommandLine line = new CommandLine(new Signet())
                .addSubcommand(new VerifyCommand(console, clock))
                .addSubcommand(new SignCommand(console, clock))
                .addSubcommand(new SealCommand(console, clock))
                .addSubcommand(new SpfCommand(console, clock))
                .addSubcommand(new DmarcCommand(console))
                .addSubcommand(new CommandLine(new ReportCommand())
                        .addSubcommand(new ReportShowCommand(console, clock))
                        .addSubcommand(new ReportSendCommand(console)))
                .addSubcommand(new KeygenCommand(console, new KeyGenerator(random)));
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((e, arguments) -> {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            console.err().println(name + ": " + e.getMessage());
            console.err().println("Try \"" + name + " --help\".");
            return WRONG;
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            console.err().println(command.getCommandSpec().qualifiedName() + ": " + e);
            return FAILED;
        });
        int status = line.execute(args);
        // A PrintStream keeps its trouble to itself. Half a signed message must not look like success.
        if (console.out().checkError()) {
            console.err().println("signet: cannot write to standard output");
            return FAILED;
        }
        return status;
    }

    /** What a command throws about the value of an option, once all values are known: usage, and exit status 2. */
    static ParameterException wrong(CommandSpec command, String option, String problem) {
        return new ParameterException(command.commandLine(), "Invalid value for option '" + option + "': " + problem);
    }
}
