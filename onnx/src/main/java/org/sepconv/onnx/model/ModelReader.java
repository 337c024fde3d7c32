package org.sepconv.onnx.model;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sepconv.onnx.proto.AttributeProto;
import org.sepconv.onnx.proto.GraphProto;
import org.sepconv.onnx.proto.ModelProto;
import org.sepconv.onnx.proto.NodeProto;
import org.sepconv.onnx.proto.OperatorSetIdProto;
import org.sepconv.onnx.proto.StringStringEntryProto;
import org.sepconv.onnx.proto.TensorProto;
import org.sepconv.onnx.proto.TensorShapeProto;
import org.sepconv.onnx.proto.ValueInfoProto;

/**
 * Reads the bytes of a model. What it allocates is bounded by their number; protobuf itself bounds
 * how deep messages lie in each other.
 */
public final class ModelReader {
  /** More than any network has. */
  private static final int MAX_NODES = 100_000;

  private final TensorReader tensors;

  private ModelReader(ExternalData external) {
    this.tensors = new TensorReader(external);
  }

  /**
   * Reads a model.
   *
   * @param external where weights that are not among the bytes come from
   * @throws OnnxException if they are no model, or one that contradicts itself
   */
  public static ModelFile read(byte[] bytes, ExternalData external) {
    ModelProto proto;
    try {
      proto = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException wrong) {
      throw new OnnxException("not an ONNX model: " + wrong.getMessage(), wrong);
    }
    if (!proto.hasGraph() || proto.getOpsetImportCount() == 0) {
      throw new OnnxException("not an ONNX model: it has no graph, or no operator set");
    }
    return new ModelReader(external).model(proto);
  }

  private ModelFile model(ModelProto proto) {
    GraphProto graph = proto.getGraph();
    if (graph.getNodeCount() > MAX_NODES) {
      throw new OnnxException(
          "the graph has %d nodes, more than %d".formatted(graph.getNodeCount(), MAX_NODES));
    }
    if (graph.getSparseInitializerCount() > 0) {
      throw new OnnxException("sparse constants are not supported: export the model without them");
    }
    Map<String, Tensor> constants = new LinkedHashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      if (constants.put(tensor.getName(), tensors.read("constant", tensor)) != null) {
        throw new OnnxException("there are two constants named " + tensor.getName());
      }
    }
    List<ModelFile.ValueInfo> inputs =
        graph.getInputList().stream()
            .filter(input -> !constants.containsKey(input.getName()))
            .map(ModelReader::value)
            .toList();
    List<Node> nodes = new ArrayList<>();
    for (NodeProto node : graph.getNodeList()) {
      nodes.add(node(node));
    }
    List<ModelFile.ValueInfo> outputs =
        graph.getOutputList().stream().map(ModelReader::value).toList();
    checkOrder(inputs, constants.keySet(), nodes, outputs);
    Map<String, String> metadata = new HashMap<>();
    for (StringStringEntryProto entry : proto.getMetadataPropsList()) {
      metadata.put(entry.getKey(), entry.getValue());
    }
    return new ModelFile(
        graph.getName(),
        (proto.getProducerName() + " " + proto.getProducerVersion()).strip(),
        opset(proto),
        metadata,
        inputs,
        outputs,
        constants,
        nodes);
  }

  private static int opset(ModelProto proto) {
    for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
      if (isOnnx(opset.getDomain())) {
        long version = opset.getVersion();
        if (version < 6 || version > 1000) {
          throw new OnnxException(
              "the model is of operator set %d: export it for 6 or newer, best for 13 to 20"
                  .formatted(version));
        }
        return (int) version;
      }
    }
    throw new OnnxException("the model has no operator set of ONNX's own");
  }

  private static boolean isOnnx(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private static void checkOrder(
      List<ModelFile.ValueInfo> inputs,
      Set<String> constants,
      List<Node> nodes,
      List<ModelFile.ValueInfo> outputs) {
    Set<String> known = new HashSet<>(constants);
    for (ModelFile.ValueInfo input : inputs) {
      if (input.name().isEmpty() || !known.add(input.name())) {
        throw new OnnxException("there are two inputs named '%s'".formatted(input.name()));
      }
    }
    for (Node node : nodes) {
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !known.contains(input)) {
          throw new OnnxException(
              "node %s takes '%s', which nothing before it gives".formatted(node, input));
        }
      }
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !known.add(output)) {
          throw new OnnxException(
              "node %s gives '%s', which is there already".formatted(node, output));
        }
      }
    }
    Set<String> given = new HashSet<>();
    for (ModelFile.ValueInfo output : outputs) {
      if (!known.contains(output.name()) || !given.add(output.name())) {
        throw new OnnxException(
            "the output '%s' is given twice, or by no node".formatted(output.name()));
      }
    }
    if (outputs.isEmpty()) {
      throw new OnnxException("the graph has no output");
    }
  }

  private static ModelFile.ValueInfo value(ValueInfoProto proto) {
    if (proto.hasType() && !proto.getType().hasTensorType()) {
      throw new OnnxException("'%s' is not a tensor".formatted(proto.getName()));
    }
    List<String> dimensions = new ArrayList<>();
    TensorShapeProto shape = proto.getType().getTensorType().getShape();
    for (TensorShapeProto.Dimension dimension : shape.getDimList()) {
      if (dimension.hasDimValue() && dimension.getDimValue() > 0) {
        dimensions.add(Long.toString(dimension.getDimValue()));
      } else {
        // A name that is a number is none, and exporters write -1 and 0 where a size is free.
        String name = dimension.getDimParam();
        dimensions.add(name.isEmpty() || name.matches("-?[0-9]+") ? "?" : name);
      }
    }
    int type = proto.getType().getTensorType().getElemType();
    return new ModelFile.ValueInfo(
        proto.getName(),
        dimensions,
        proto.getType().getTensorType().hasShape(),
        TensorReader.numbers(type));
  }

  private Node node(NodeProto proto) {
    Map<String, Object> attributes = new HashMap<>();
    Node bare =
        new Node(
            proto.getName(),
            isOnnx(proto.getDomain()) ? "" : proto.getDomain(),
            proto.getOpType(),
            proto.getInputList(),
            proto.getOutputList(),
            new Attributes(Map.of()));
    for (AttributeProto attribute : proto.getAttributeList()) {
      Object value = attribute(bare, attribute);
      if (value != null) {
        attributes.put(attribute.getName(), value);
      }
    }
    return new Node(
        bare.name(),
        bare.domain(),
        bare.operator(),
        bare.inputs(),
        bare.outputs(),
        new Attributes(attributes));
  }

  /** Its value, null where it is of a kind that no operator here needs. */
  private @Nullable Object attribute(Node node, AttributeProto proto) {
    return switch (proto.getType()) {
      case INT -> proto.getI();
      case FLOAT -> proto.getF();
      case STRING -> proto.getS().toStringUtf8();
      case TENSOR ->
          tensors.read("attribute %s of node %s".formatted(proto.getName(), node), proto.getT());
      case INTS -> proto.getIntsList().stream().mapToLong(Long::longValue).toArray();
      case FLOATS -> {
        float[] values = new float[proto.getFloatsCount()];
        for (int i = 0; i < values.length; i++) {
          values[i] = proto.getFloats(i);
        }
        yield values;
      }
      case STRINGS ->
          proto.getStringsList().stream().map(text -> text.toStringUtf8()).toArray(String[]::new);
      case UNDEFINED,
          GRAPH,
          SPARSE_TENSOR,
          TYPE_PROTO,
          TENSORS,
          GRAPHS,
          SPARSE_TENSORS,
          TYPE_PROTOS ->
          null;
    };
  }
}
