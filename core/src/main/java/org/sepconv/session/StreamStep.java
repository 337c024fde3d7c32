package org.sepconv.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.Concat;
import org.sepconv.Graph;
import org.sepconv.Slice;
import org.sepconv.graph.pass.Program;

/**
 * What a part of a sequence does to a stream, as a graph: it takes the new columns and those that
 * were carried over, and gives columns of output and those to carry on.
 *
 * <pre>
 *   new columns of a value ─────┐
 *   carried over for a window ──┴─ Concat ─┬─ the node, without padding
 *                                          └─ Slice: what its next window needs
 * </pre>
 *
 * @param after how many columns of each operand are carried over then; negative where so many of
 *     the next are left out
 * @param taken operands whose carried columns the graph takes, behind the new ones
 * @param given operands whose columns to carry it gives, behind the output if there is one
 * @param outputs columns of output
 * @param program nothing where no column comes of it
 */
record StreamStep(
    List<Integer> after,
    List<CausalStage.Operand> taken,
    List<CausalStage.Operand> given,
    int outputs,
    Optional<Program> program) {

  /**
   * When it is done.
   *
   * @param carried columns of each operand before
   * @param columns new ones
   */
  record Key(List<Integer> carried, int columns) {}

  /** Puts the graph of a step together. */
  private static final class Builder {
    private final CausalNetwork network;
    private final Key key;
    private final Graph graph;
    private final Graph.Builder part;
    private final Set<String> names = new HashSet<>();

    /** New columns of each value. */
    private final Map<String, Integer> columns = new HashMap<>();

    private final List<Integer> after;
    private final List<CausalStage.Operand> taken = new ArrayList<>();
    private final List<CausalStage.Operand> given = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();

    Builder(CausalNetwork network, Key key) {
      this.network = network;
      this.key = key;
      this.graph = network.program().graph();
      this.after = new ArrayList<>(key.carried());
      this.part = Graph.builder(graph.name());
      graph.inputs().forEach(input -> names.add(input.name()));
      graph.constants().forEach(constant -> names.add(constant.name()));
      graph.nodes().forEach(node -> names.add(node.name()));
    }

    StreamStep build() {
      String input = graph.inputs().getFirst().name();
      part.input(input, network.input().of(key.columns()));
      columns.put(input, key.columns());
      graph.constants().forEach(constant -> part.constant(constant.name(), constant.shape()));
      network
          .fixed()
          .forEach(node -> part.add(node.name(), node.operation(), array(node.inputs())));
      network.stages().forEach(this::add);
      String last = graph.outputs().getFirst();
      int given = columns(last);
      if (given > 0) {
        outputs.addFirst(last);
      }
      Optional<Program> program = Optional.empty();
      if (!outputs.isEmpty()) {
        Graph built = part.build(array(outputs));
        program = Optional.of(new Program(built, network.weightsOf(built)));
      }
      return new StreamStep(List.copyOf(after), taken, this.given, given, program);
    }

    private void add(CausalStage stage) {
      int made = Integer.MAX_VALUE;
      for (CausalStage.Operand operand : stage.inOrder()) {
        made = Math.min(made, operand.outputs(available(operand)));
      }
      Graph.Node node = stage.node();
      List<String> sources = new ArrayList<>(node.inputs());
      for (Map.Entry<Integer, CausalStage.Operand> entry : stage.operands().entrySet()) {
        CausalStage.Operand operand = entry.getValue();
        int rest = available(operand) - made * operand.stride();
        after.set(operand.index(), rest);
        boolean changed = made > 0 || columns(operand.source()) > 0;
        if (!changed || available(operand) <= 0) {
          continue;
        }
        String all = all(operand);
        if (rest > 0) {
          carry(operand, all, rest);
        }
        if (made > 0) {
          sources.set(entry.getKey(), first(operand, all, made));
        }
      }
      if (made > 0) {
        part.add(node.name(), stage.operation(), array(sources));
      }
      columns.put(node.name(), made);
    }

    private int columns(String value) {
      return Objects.requireNonNull(columns.get(value), value);
    }

    /** Columns of an operand that are carried over, and new; negative where some are left out. */
    private int available(CausalStage.Operand operand) {
      return key.carried().get(operand.index()) + columns(operand.source());
    }

    /** The value of all columns that there are of an operand: one at least. */
    private String all(CausalStage.Operand operand) {
      int before = key.carried().get(operand.index());
      if (before < 0) {
        return slice(operand, "left", operand.source(), -before, Slice.TO_END);
      }
      if (before == 0) {
        return operand.source();
      }
      String carried = name(operand, "carried");
      part.input(carried, operand.rows().of(before));
      taken.add(operand);
      if (columns(operand.source()) == 0) {
        return carried;
      }
      String all = name(operand, "all");
      part.add(all, new Concat(Axis.WIDTH, 2), carried, operand.source());
      return all;
    }

    /** Has the graph give the last columns. */
    private void carry(CausalStage.Operand operand, String all, int rest) {
      String name;
      if (rest < available(operand)) {
        name = slice(operand, "next", all, available(operand) - rest, Slice.TO_END);
      } else {
        name = name(operand, "next");
        part.add(name, new Activate(Activation.NONE), all); // for an output is a node of its own
      }
      outputs.add(name);
      given.add(operand);
    }

    /** As many columns as the outputs need, where another operand has too few for more. */
    private String first(CausalStage.Operand operand, String all, int made) {
      int needed = (made - 1) * operand.stride() + operand.window();
      return operand.outputs(available(operand)) == made
          ? all
          : slice(operand, "first", all, 0, needed);
    }

    private String slice(
        CausalStage.Operand operand, String what, String from, int start, int end) {
      String name = name(operand, what);
      part.add(name, new Slice(Axis.WIDTH, start, end, 1), from);
      return name;
    }

    private String name(CausalStage.Operand operand, String what) {
      String wanted = "%s:%s:%d".formatted(operand.source(), what, operand.index());
      String name = wanted;
      for (int i = 2; !names.add(name); i++) {
        name = wanted + "#" + i;
      }
      return name;
    }

    private static String[] array(List<String> names) {
      return names.toArray(String[]::new);
    }
  }

  /** The step of a network that this key says. */
  static StreamStep of(CausalNetwork network, Key key) {
    return new Builder(network, key).build();
  }
}
