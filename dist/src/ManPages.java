import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sepconv.cli.Main;
import org.sepconv.select.Backends;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the manual pages of the command, in AsciiDoc, into a folder. */
final class ManPages {
  private ManPages() {}

  public static void main(String[] arguments) throws IOException {
    CommandSpec command = Main.commandLine(Backends::discover).getCommandSpec();
    int status = ManPageGenerator.generateManPage(Path.of(arguments[0]).toFile(), null, new boolean[0], true, command);
    System.exit(status);
  }
}
