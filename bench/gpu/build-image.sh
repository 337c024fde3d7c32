#!/usr/bin/env bash
# Makes a Java run-time image with our jars and the measurement, for machines without a JDK: bench/gpu/target/image
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${JAVA_HOME:?must name a JDK 25}"
target=bench/gpu/target
rm -rf "$target/image" "$target/classes"
mkdir -p "$target/classes"

mvn -B -q -pl core,cases,backend-opencl package dependency:copy-dependencies -DskipTests \
  -DincludeArtifactIds=jocl -DoutputDirectory="$PWD/$target/lib"
for module in core cases backend-opencl; do
  cp "$module"/target/sepconv-"$module"-*.jar "$target/lib/"
done
rm -f "$target"/lib/*-sources.jar "$target"/lib/*-javadoc.jar
"$JAVA_HOME/bin/javac" -cp "$target/lib/*" -d "$target/classes" bench/gpu/MobileNetLayers.java
"$JAVA_HOME/bin/jar" --create --file "$target/lib/mobilenet-layers.jar" -C "$target/classes" .
"$JAVA_HOME/bin/jlink" --add-modules java.base,java.logging,jdk.unsupported --strip-debug --no-man-pages --no-header-files \
  --compress zip-6 --output "$target/image"
cp -r "$target/lib" "$target/image/sepconv"
rm -rf "$target/lib" "$target/classes"
du -sh "$target/image"
